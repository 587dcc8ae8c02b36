package dev.unmask.lm.family.fastdllm2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Covers(
    method = "fast-dllm-v2",
    parts = {Part.TRAIN})
class ComplementaryBlockDiffusionTest {
  private static final int MASK = 50;
  private static final ComplementaryBlockDiffusion OBJECTIVE = new ComplementaryBlockDiffusion(4);

  @Test
  void everySupervisedTokenIsMaskedInExactlyOneView() {
    BitSet supervised = new BitSet();
    supervised.set(5, 16);
    int[] tokens = IntStream.range(10, 26).toArray();
    for (int seed = 0; seed < 20; seed++) {
      ScoredBatch batch =
          OBJECTIVE.batch(
              List.of(new SupervisedRow(tokens, supervised)), MASK, KeyedRandom.of(seed));
      for (int at = 0; at < tokens.length; at++) {
        boolean first = batch.ids()[at] == MASK;
        boolean second = batch.ids()[2 * tokens.length + at] == MASK;
        assertThat(first != second).as("token %d", at).isEqualTo(supervised.get(at));
        assertThat(first && second).isFalse();
      }
      assertThat(batch.targets()).containsExactlyInAnyOrder(Arrays.copyOfRange(tokens, 5, 16));
    }
  }

  @Test
  void theRowToTheLeftPredictsAndNothingPredictsTheFirstToken() {
    int[] tokens = IntStream.range(10, 18).toArray();

    ScoredBatch batch = OBJECTIVE.batch(new int[][] {tokens}, MASK, KeyedRandom.of(1));

    for (int i = 0; i < batch.rows().length; i++) {
      assertThat(batch.targets()[i]).isEqualTo(tokens[batch.rows()[i] % 8 + 1]);
    }
    assertThat(batch.targets()).hasSize(7).doesNotContain(tokens[0]);
    double sum = 0;
    for (float weight : batch.weights()) {
      sum += weight;
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
  }

  @Test
  void paddingFillsTheLastBlockAndAddsOneWhereItIsFull() {
    SupervisedRow row = SupervisedRow.all(new int[] {1, 2, 3, 4});

    assertThat(row.paddedToBlocks(4, MASK).tokens())
        .containsExactly(1, 2, 3, 4, MASK, MASK, MASK, MASK);
    assertThat(row.paddedToBlocks(3, MASK).tokens()).containsExactly(1, 2, 3, 4, MASK, MASK);
    assertThat(row.paddedToBlocks(3, MASK).supervised().cardinality()).isEqualTo(4);
  }
}
