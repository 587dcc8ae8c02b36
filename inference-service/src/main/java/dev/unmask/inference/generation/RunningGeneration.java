package dev.unmask.inference.generation;

import dev.unmask.inference.engine.Generation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The choices of one request while they are decoded; one reader takes its events. */
public final class RunningGeneration {
  private final BlockingQueue<GenerationEvent> events;
  private final List<Generation> choices;

  RunningGeneration(BlockingQueue<GenerationEvent> events, List<Generation> choices) {
    this.events = events;
    this.choices = choices;
  }

  /** The next event, null when none comes in time. */
  public @Nullable GenerationEvent next(Duration atMost) throws InterruptedException {
    return events.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Nobody wants the rest: no choice computes another denoising step. */
  public void cancel() {
    choices.forEach(Generation::cancel);
  }

  public int choices() {
    return choices.size();
  }
}
