package dev.unmask.training;

import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.pipeline.JobDirectory;
import dev.unmask.training.pipeline.TrainingEngine;
import dev.unmask.training.pipeline.TrainingSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Training without a network: the state is one number that every optimizer step scrambles, so a
 * loss is right only if every step before it was run exactly once.
 */
public final class FakeEngine implements TrainingEngine {
  /** Steps that may run; a test that wants to stop in between hands out permits. */
  public final Semaphore permits;

  public final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  public FakeEngine(int permits) {
    this.permits = new Semaphore(permits);
  }

  @Override
  public void prepare(SubmitJob spec, Path corpus, JobDirectory files, Path directory) {
    write(directory.resolve("facts"), "prepared");
  }

  @Override
  public double millisPerStep(SubmitJob spec, JobDirectory files, int phase) {
    return 10;
  }

  @Override
  public TrainingSession open(SubmitJob spec, List<Integer> phaseSteps, JobDirectory files) {
    return new Session(phaseSteps, files.checkpoint());
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private final class Session implements TrainingSession {
    private final List<Integer> phaseSteps;
    private final int total;
    private long step;
    private double state = 0.5;

    Session(List<Integer> phaseSteps, Path checkpoint) {
      this.phaseSteps = phaseSteps;
      this.total = phaseSteps.stream().mapToInt(Integer::intValue).sum();
      if (Files.exists(checkpoint)) {
        try {
          String[] saved = Files.readString(checkpoint.resolve("state")).split(" ");
          step = Long.parseLong(saved[0]);
          state = Double.parseDouble(saved[1]);
        } catch (IOException failure) {
          throw new UncheckedIOException(failure);
        }
      }
    }

    @Override
    public long optimizerStep() {
      return step;
    }

    @Override
    public int phase() {
      long end = 0;
      for (int i = 0; i < phaseSteps.size(); i++) {
        end += phaseSteps.get(i);
        if (step < end) {
          return i;
        }
      }
      return phaseSteps.size() - 1;
    }

    @Override
    public boolean finished() {
      return step >= total;
    }

    @Override
    public Outcome step() {
      permits.acquireUninterruptibly();
      RuntimeException planned = failure.getAndSet(null);
      if (planned != null) {
        throw planned;
      }
      int phase = phase();
      step++;
      state = 3.9 * state * (1 - state);
      return new Outcome(step, phase, state, 1, 0.001, 100, 1);
    }

    @Override
    public void checkpoint(Path directory) {
      write(directory.resolve("state"), step + " " + state);
    }

    @Override
    public Validation validate(int maxSequences) {
      return new Validation(2.5, 1.5);
    }

    @Override
    public void export(Path directory) {
      write(directory.resolve("config.json"), "{}");
      write(directory.resolve("model.safetensors"), "weights " + state);
    }

    @Override
    public String precision() {
      return "f32";
    }

    @Override
    public void close() {}
  }
}
