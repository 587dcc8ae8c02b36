package dev.unmask.lm.trainer;

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
 */
public record TrainingPlan(
    BackboneConfig backbone,
    List<TrainingPhase> phases,
    OptimizerSettings optimizer,
    int batchSize,
    long seed,
    PrecisionChoice precision) {
  public TrainingPlan {
    phases = List.copyOf(phases);
    if (phases.isEmpty()) {
      throw new IllegalArgumentException("a plan needs one phase at least");
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException("batchSize must be positive, was " + batchSize);
    }
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

  /** Changes whenever the plan does; a checkpoint is resumed under its own plan only. */
  public String fingerprint() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
