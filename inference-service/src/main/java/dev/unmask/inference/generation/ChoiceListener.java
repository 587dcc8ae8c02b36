package dev.unmask.inference.generation;

import dev.unmask.inference.engine.GenerationListener;
import dev.unmask.inference.engine.GenerationReport;
import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.support.error.UnmaskException;
import java.util.concurrent.BlockingQueue;

/**
 * Turns the engine's calls into events of one choice. The queue is not bounded: a choice has at
 * most one event a token, and the engine thread must never wait for a slow client.
 */
final class ChoiceListener implements GenerationListener {
  private final int choice;
  private final BlockingQueue<GenerationEvent> events;
  private int steps;
  private int told;

  ChoiceListener(int choice, BlockingQueue<GenerationEvent> events) {
    this.choice = choice;
    this.events = events;
  }

  @Override
  public void denoised(DenoisingStep step, int[] tokens, String committedText) {
    steps++;
    String fresh = committedText.substring(told);
    told = committedText.length();
    events.add(new GenerationEvent.Denoised(choice, steps, step, tokens, fresh));
  }

  @Override
  public void finished(GenerationReport report) {
    events.add(new GenerationEvent.Finished(choice, report));
  }

  @Override
  public void failed(UnmaskException reason) {
    events.add(new GenerationEvent.Failed(choice, reason));
  }

  @Override
  public void cancelled() {
    // nobody reads any more
  }
}
