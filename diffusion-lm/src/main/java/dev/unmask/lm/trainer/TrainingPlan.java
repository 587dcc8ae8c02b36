package dev.unmask.lm.trainer;

import dev.unmask.lm.backbone.Activations;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * All that decides how a run goes, together with its data: two runs of one plan over one data set
 * on one machine see the same losses.
 *
 * @param phases one after the other on the same weights, for instance autoregressive and then block
 *     diffusion (SDAR's recipe)
 * @param batchSize sequences an optimizer step
 * @param activations changes what a step holds and how long it takes, not what it computes
 */
public record TrainingPlan(
    BackboneConfig backbone,
    List<TrainingPhase> phases,
    OptimizerSettings optimizer,
    int batchSize,
    long seed,
    PrecisionChoice precision,
    Activations activations) {
  public TrainingPlan {
    phases = List.copyOf(phases);
    if (phases.isEmpty()) {
      throw new IllegalArgumentException("a plan needs one phase at least");
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException("batchSize must be positive, was " + batchSize);
    }
  }

  /** A plan that keeps activations. */
  public TrainingPlan(
      BackboneConfig backbone,
      List<TrainingPhase> phases,
      OptimizerSettings optimizer,
      int batchSize,
      long seed,
      PrecisionChoice precision) {
    this(backbone, phases, optimizer, batchSize, seed, precision, Activations.KEPT);
  }

  /** The same with another choice of activations. */
  public TrainingPlan with(Activations other) {
    return new TrainingPlan(backbone, phases, optimizer, batchSize, seed, precision, other);
  }

  /** Optimizer steps of all phases. */
  public long optimizerSteps() {
    return phases.stream().mapToLong(TrainingPhase::optimizerSteps).sum();
  }

  /**
   * @param optimizerStep a step of the plan, from 0
   * @return index of the phase it belongs to; the last one beyond the end
   */
  public int phaseOf(long optimizerStep) {
    long end = 0;
    for (int phase = 0; phase < phases.size() - 1; phase++) {
      end += phases.get(phase).optimizerSteps();
      if (optimizerStep < end) {
        return phase;
      }
    }
    return phases.size() - 1;
  }

  /** First optimizer step of a phase, from 0. */
  public long startOf(int phase) {
    return phases.subList(0, phase).stream().mapToLong(TrainingPhase::optimizerSteps).sum();
  }

  /**
   * Changes whenever the plan does, but for its activations; a checkpoint is resumed under its own
   * plan only.
   */
  public String fingerprint() {
    String decisive =
        "TrainingPlan[backbone=%s, phases=%s, optimizer=%s, batchSize=%d, seed=%d, precision=%s]"
            .formatted(backbone, phases, optimizer, batchSize, seed, precision);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(decisive.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
