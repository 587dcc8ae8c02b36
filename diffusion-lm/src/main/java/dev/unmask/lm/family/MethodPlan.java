package dev.unmask.lm.family;

import dev.unmask.lm.backbone.Activations;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.TrainingRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A training run by the names of its methods.
 *
 * @param phases one after the other on the same weights
 * @param start the network that the first phase begins with
 * @param batchSize sequences an optimizer step
 * @param activations what a step holds of them; recomputed ones by methods that can
 */
public record MethodPlan(
    List<Phase> phases,
    Start start,
    Tokenizer tokenizer,
    OptimizerSettings optimizer,
    int batchSize,
    long seed,
    PrecisionChoice precision,
    Activations activations) {
  private static final int WARM_UP_STEPS = 2;
  private static final int TIMED_STEPS = 3;

  /** A stretch of training by one method. */
  public record Phase(TrainingMethod method, MethodChoice choice, int optimizerSteps) {
    public Phase {
      method.options().check(method.name(), choice);
    }
  }

  /** The network to begin with. */
  public sealed interface Start {
    /** Random weights. */
    record Fresh(NetworkSize size) implements Start {}

    /** Weights and shape of an earlier model, which may have been trained by another method. */
    record From(Path modelDirectory) implements Start {}
  }

  /**
   * @throws IllegalArgumentException if phases train different kinds of networks, or one that does
   *     not compute its activations again when it is asked to
   */
  public MethodPlan {
    phases = List.copyOf(phases);
    Set<String> networks =
        phases.stream()
            .map(phase -> phase.method().network(phase.choice()))
            .collect(Collectors.toSet());
    if (networks.size() != 1) {
      throw new IllegalArgumentException(
          "phases must train one kind of network, were of " + networks);
    }
    if (activations == Activations.RECOMPUTED) {
      for (Phase phase : phases) {
        if (!phase.method().recomputes(phase.choice())) {
          throw new IllegalArgumentException(
              "method " + phase.method().name() + " keeps its activations: it cannot recompute");
        }
      }
    }
  }

  /** A plan that keeps activations. */
  public MethodPlan(
      List<Phase> phases,
      Start start,
      Tokenizer tokenizer,
      OptimizerSettings optimizer,
      int batchSize,
      long seed,
      PrecisionChoice precision) {
    this(phases, start, tokenizer, optimizer, batchSize, seed, precision, Activations.KEPT);
  }

  /** Optimizer steps of all phases. */
  public long optimizerSteps() {
    return phases.stream().mapToLong(Phase::optimizerSteps).sum();
  }

  /** Begins the run, or goes on from a checkpoint: as {@link TrainingMethod#open}. */
  public TrainingRun open(PackedSequences training, @Nullable Path checkpoint) {
    return phases.getFirst().method().open(this, training, checkpoint);
  }

  /**
   * Time of one optimizer step of a phase on this machine, from a few steps on throw-away weights:
   * for time budgets.
   *
   * @return median milliseconds
   */
  public double measureMillisPerStep(PackedSequences training, int phase) {
    Phase measured = phases.get(phase);
    MethodPlan only =
        new MethodPlan(
            List.of(new Phase(measured.method(), measured.choice(), WARM_UP_STEPS + TIMED_STEPS)),
            start,
            tokenizer,
            optimizer,
            batchSize,
            seed,
            precision,
            activations);
    try (TrainingRun run = only.open(training, null)) {
      double[] milliseconds = new double[TIMED_STEPS];
      for (int i = -WARM_UP_STEPS; i < TIMED_STEPS; i++) {
        double time = run.step().milliseconds();
        if (i >= 0) {
          milliseconds[i] = time;
        }
      }
      Arrays.sort(milliseconds);
      return milliseconds[TIMED_STEPS / 2];
    }
  }
}
