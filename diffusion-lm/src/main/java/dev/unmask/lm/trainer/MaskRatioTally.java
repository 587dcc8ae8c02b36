package dev.unmask.lm.trainer;

import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
import dev.unmask.lm.backbone.Criterion.CrossEntropy;
import dev.unmask.lm.backbone.ScoredBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the cross-entropies of scored batches by mask ratio, after the fact: a batch tells by
 * itself which of its tokens are masked, so no objective draws anything for this. Batches without
 * mask tokens, of score entropies, or of rows packed from several samples are passed over.
 */
final class MaskRatioTally {
  private final int maskId;
  private final long[] tokens = new long[LossByMaskRatio.BINS];
  private final double[] nats = new double[LossByMaskRatio.BINS];

  /**
   * @param maskId the absorbing token
   */
  MaskRatioTally(int maskId) {
    this.maskId = maskId;
  }

  /**
   * Adds a batch.
   *
   * @param losses cross-entropy of every scored row
   * @param learned tokens of the batch that could have been masked
   */
  void add(ScoredBatch batch, float[] losses, int learned) {
    if (!(batch.criterion() instanceof CrossEntropy) || scoresNothing(batch)) {
      return;
    }
    if (batch.layout() instanceof Full) {
      int columns = batch.columns();
      // Fewer columns where the objective has cut the rows, fewer tokens where prompts are given.
      addGroups(batch.rows(), losses, columns, Math.min(columns, learned / batch.sequences()));
    } else if (batch.layout() instanceof NoisyThenClean(int blockSize, int length)
        && learned % length == 0
        && length % blockSize == 0) {
      addGroups(positions(batch, length), losses, blockSize, blockSize);
    }
  }

  /** Where chance masked nothing, one row that weighs nothing stands in. */
  private static boolean scoresNothing(ScoredBatch batch) {
    return batch.rows().length == 1 && batch.weights()[0] == 0;
  }

  /**
   * The masked positions of the noisy halves, {@code [B, L]}. A row may predict the position behind
   * it: then some row sees another token than the mask.
   */
  private int[] positions(ScoredBatch batch, int length) {
    int[] ids = batch.ids();
    int[] rows = batch.rows();
    boolean own =
        Arrays.stream(rows)
            .allMatch(row -> ids[2 * length * (row / length) + row % length] == maskId);
    return own ? rows : Arrays.stream(rows).map(row -> row + 1).toArray();
  }

  /**
   * @param positions masked ones; groups of {@code width} neighbours are denoised together
   * @param size tokens of a group that could have been masked
   */
  private void addGroups(int[] positions, float[] losses, int width, int size) {
    int groups = Arrays.stream(positions).max().orElse(0) / width + 1;
    int[] masked = new int[groups];
    for (int position : positions) {
      masked[position / width]++;
    }
    for (int i = 0; i < positions.length; i++) {
      int bin = bin(masked[positions[i] / width], size);
      tokens[bin]++;
      nats[bin] += losses[i];
    }
  }

  private static int bin(int masked, int size) {
    return Math.min(LossByMaskRatio.BINS - 1, masked * LossByMaskRatio.BINS / Math.max(1, size));
  }

  /** Null where no batch had a mask ratio. */
  @Nullable LossByMaskRatio result() {
    return Arrays.stream(tokens).sum() == 0
        ? null
        : new LossByMaskRatio(
            Arrays.stream(tokens).boxed().toList(), Arrays.stream(nats).boxed().toList());
  }
}
