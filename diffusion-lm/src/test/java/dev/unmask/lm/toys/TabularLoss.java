package dev.unmask.lm.toys;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.attention.AttentionLayout.Causal;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
import dev.unmask.lm.attention.AttentionLayout.PackedNoisyThenClean;
import dev.unmask.lm.attention.AttentionLayout.PerSequence;
import dev.unmask.lm.backbone.ScoredBatch;
import java.util.Arrays;
import java.util.List;

/** The loss that a network which is a table has on a batch of cross-entropies. */
public final class TabularLoss {
  private TabularLoss() {}

  /**
   * @return nats, weighted as the batch says
   * @throws IllegalArgumentException for attention that a table of one sequence cannot stand for
   */
  public static double of(ScoredBatch batch, TabularNetwork network) {
    double nats = 0;
    for (int i = 0; i < batch.rows().length; i++) {
      if (batch.weights()[i] != 0) {
        double p = probability(batch, batch.rows()[i], batch.targets()[i], network);
        nats -= batch.weights()[i] * Math.log(p);
      }
    }
    return nats;
  }

  private static double probability(
      ScoredBatch batch, int row, int target, TabularNetwork network) {
    int columns = batch.columns();
    return switch (batch.layout()) {
      case Full ignored -> {
        int[] state = sequence(batch, row / columns);
        yield network.conditionals(state)[row % columns][target];
      }
      case Causal ignored -> {
        int[] state = sequence(batch, row / columns);
        int next = row % columns + 1;
        Arrays.fill(state, next, columns, network.vocabulary());
        yield network.conditionals(state)[next][target];
      }
      case NoisyThenClean(int blockSize, int length) -> {
        int[] both = sequence(batch, row / length);
        int at = row % length;
        int[] state = visible(both, at - at % blockSize, blockSize, length, network.vocabulary());
        yield network.conditionals(state)[at][target];
      }
      case PerSequence(List<AttentionLayout> each)
          when each.get(row / columns)
              instanceof PackedNoisyThenClean(int blockSize, List<Integer> samples) -> {
        if (samples.size() > 1) {
          throw new IllegalArgumentException("a table is one sample, got " + samples.size());
        }
        int at = row % columns;
        int[] both = sequence(batch, row / columns);
        int[] state =
            visible(both, at - at % blockSize, blockSize, columns / 2, network.vocabulary());
        yield network.conditionals(state)[at][target];
      }
      case AttentionLayout other -> throw new IllegalArgumentException("no table sees " + other);
    };
  }

  /** Clean blocks up to one, its noisy tokens, and nothing of what is behind it. */
  private static int[] visible(int[] both, int from, int blockSize, int length, int maskId) {
    int[] state = new int[length];
    Arrays.fill(state, maskId);
    System.arraycopy(both, length, state, 0, from);
    System.arraycopy(both, from, state, from, Math.min(blockSize, length - from));
    return state;
  }

  private static int[] sequence(ScoredBatch batch, int index) {
    int columns = batch.columns();
    return Arrays.copyOfRange(batch.ids(), index * columns, (index + 1) * columns);
  }
}
