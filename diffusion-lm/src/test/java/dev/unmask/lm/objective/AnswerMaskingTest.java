package dev.unmask.lm.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

@Covers(
    method = "llada",
    parts = {Part.TRAIN})
class AnswerMaskingTest {
  private static final int MASK = 99;
  private static final int[][] CLEAN = {{1, 2, 3, 4, 5, 6}, {7, 8, 9, 9, 9, 9}};

  /** The prompts are 1 2 3 and 7. */
  private final AnswerMasking objective = new AnswerMasking(ids -> ids[0] == 1 ? 3 : 1);

  @Test
  void neverMasksAPrompt() {
    for (int step = 0; step < 200; step++) {
      ScoredBatch batch = objective.batch(CLEAN, MASK, KeyedRandom.of(1).split(step));

      assertThat(Arrays.copyOfRange(batch.ids(), 0, 3)).containsExactly(1, 2, 3);
      assertThat(batch.ids()[6]).isEqualTo(7);
      for (int i = 0; i < batch.rows().length; i++) {
        boolean masked = batch.ids()[batch.rows()[i]] == MASK;
        assertThat(masked || batch.weights()[i] == 0).isTrue();
      }
    }
  }

  @Test
  void countsEveryAnswerAlikeWhateverItsLength() {
    BitSet first = new BitSet();
    first.set(4);
    BitSet second = new BitSet();
    second.set(2, 4);

    ScoredBatch batch =
        objective.batch(CLEAN, List.of(first, second), new double[] {0.5, 0.25}, MASK);

    assertThat(batch.rows()).containsExactly(4, 8, 9);
    assertThat(batch.targets()).containsExactly(5, 9, 9);
    assertThat(batch.weights())
        .containsExactly(
            new float[] {1 / (0.5f * 3 * 2), 1 / (0.25f * 5 * 2), 1 / (0.25f * 5 * 2)},
            within(1e-6f));
  }

  @Test
  void weighsAnAnswersTokensByOneInExpectation() {
    double sum = 0;
    int batches = 4000;
    for (int step = 0; step < batches; step++) {
      for (float weight : objective.batch(CLEAN, MASK, KeyedRandom.of(2).split(step)).weights()) {
        sum += weight;
      }
    }

    assertThat(sum / batches).isCloseTo(1, within(0.05));
  }

  @Test
  void refusesASequenceWithoutAnAnswer() {
    AnswerMasking everything = new AnswerMasking(ids -> ids.length);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> everything.batch(CLEAN, MASK, KeyedRandom.of(3)))
        .withMessageContaining("prompt must be shorter");
  }
}
