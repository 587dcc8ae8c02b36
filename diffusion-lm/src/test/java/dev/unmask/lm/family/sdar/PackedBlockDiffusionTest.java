package dev.unmask.lm.family.sdar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Covers(
    method = "sdar",
    parts = {Part.TRAIN})
class PackedBlockDiffusionTest {
  private static final int END = 10;
  private static final int MASK = 11;
  private static final PackedBlockDiffusion OBJECTIVE = new PackedBlockDiffusion(4, END);

  @Test
  void aDocumentOfARowIsASample() {
    PackedRow row = PackedRow.ofDocuments(new int[] {1, 2, END, 3, END, 4, 5}, END);

    assertThat(row.samples()).containsExactly(3, 2, 2);
    assertThat(row.positions()).containsExactly(0, 1, 2, 0, 1, 0, 1);
  }

  @Test
  void neverMasksWhatIsNotSupervised() {
    BitSet supervised = new BitSet();
    supervised.set(3, 6);
    PackedRow row = new PackedRow(IntStream.range(0, 8).toArray(), supervised, List.of(8));
    for (int seed = 0; seed < 50; seed++) {
      ScoredBatch batch = OBJECTIVE.batch(List.of(row), MASK, KeyedRandom.of(seed));
      assertThat(batch.rows()).isNotEmpty();
      assertThat(Arrays.stream(batch.rows())).allMatch(at -> at >= 3 && at < 6);
      assertThat(Arrays.stream(batch.ids()).filter(id -> id == MASK).count())
          .isEqualTo(batch.rows().length);
    }
  }

  @Test
  void masksOneTokenOfARowWhereTenDrawsMaskNone() {
    PackedRow row = PackedRow.ofDocuments(new int[] {1, 2, 3}, END);
    PackedBlockDiffusion.Draws never =
        new PackedBlockDiffusion.Draws() {
          @Override
          public double time(int index, int attempt, int sample) {
            return 0;
          }

          @Override
          public double token(int index, int attempt, int position) {
            return 0.5;
          }
        };

    assertThat(OBJECTIVE.batch(List.of(row), MASK, never).rows()).containsExactly(0);
  }

  @Test
  void aSampleDoesNotSeeItsNeighbours() {
    int[] first = {1, 2, 3, 4, END, 5, 6, 7, 8, 9};
    int[] second = {9, 8, 7, 6, END, 5, 6, 7, 8, 9};
    double[] a = losses(first);
    double[] b = losses(second);

    for (int at = 5; at < 10; at++) {
      assertThat(a[at]).as("token %d", at).isCloseTo(b[at], within(1e-6));
    }
    assertThat(a).isNotEqualTo(b);
  }

  /** Cross-entropy of each masked token, 0 where none is masked. */
  private static double[] losses(int[] row) {
    BackboneConfig config = BackboneConfig.llama(MASK + 1, 2, 16, 2, 24, 16, 4);
    try (Transformer network =
        Transformer.forTraining(config, Weights.random(config, 3), Precision.F32)) {
      ScoredBatch batch = OBJECTIVE.batch(new int[][] {row}, MASK, KeyedRandom.of(5));
      Loss loss = network.evaluate(batch);
      double[] nats = new double[row.length];
      for (int i = 0; i < batch.rows().length; i++) {
        nats[batch.rows()[i]] = loss.nats()[i];
      }
      return nats;
    }
  }
}
