package dev.unmask.lm.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.objective.AnswerMasking.Mean;
import dev.unmask.lm.packing.AnswerRows;
import dev.unmask.lm.packing.AnswerSpan;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Covers(
    method = "llada",
    parts = {Part.TRAIN})
@Covers(
    method = "smdm",
    parts = {Part.TRAIN})
class AnswerMaskingTest {
  private static final int MASK = 99;
  private static final int END = 9;

  /** The prompts are 1 2 3 and 7; the second answer is 8 and its end, padded by three more ends. */
  private static final AnswerRows ROWS =
      new AnswerRows(
          new int[][] {{1, 2, 3, 4, 5, END}, {7, 8, END, END, END, END}},
          List.of(new AnswerSpan(3, 6), new AnswerSpan(1, 3)));

  private final AnswerMasking objective = new AnswerMasking(Mean.PER_ANSWER);

  private static ScoredBatch batch(AnswerMasking objective, int step) {
    return objective.batch(ROWS, MASK, KeyedRandom.of(1).split(step));
  }

  @Test
  void neverMasksAPromptAndScoresWhatItMasked() {
    for (int step = 0; step < 200; step++) {
      ScoredBatch batch = batch(objective, step);

      assertThat(Arrays.copyOfRange(batch.ids(), 0, 3)).containsExactly(1, 2, 3);
      assertThat(batch.ids()[6]).isEqualTo(7);
      for (int i = 0; i < batch.rows().length; i++) {
        boolean masked = batch.ids()[batch.rows()[i]] == MASK;
        assertThat(masked || batch.weights()[i] == 0).isTrue();
      }
    }
  }

  @Test
  void learnsTheEndsThatPadAnAnswer() {
    boolean[] scored = new boolean[12];
    for (int step = 0; step < 200; step++) {
      ScoredBatch batch = batch(objective, step);
      for (int i = 0; i < batch.rows().length; i++) {
        scored[batch.rows()[i]] |= batch.weights()[i] > 0;
      }
    }

    assertThat(scored)
        .containsExactly(
            false, false, false, true, true, true, false, true, true, true, true, true);
  }

  @Test
  void countsEveryAnswerAlikeWhateverItsLength() {
    ScoredBatch batch = givenMasks(objective);

    assertThat(batch.rows()).containsExactly(4, 8, 9);
    assertThat(batch.targets()).containsExactly(5, END, END);
    assertThat(batch.weights())
        .containsExactly(
            new float[] {1 / (0.5f * 3 * 2), 1 / (0.25f * 5 * 2), 1 / (0.25f * 5 * 2)},
            within(1e-6f));
  }

  @Test
  void countsEveryTokenAlikeWhereTheMeanIsOverTokens() {
    assertThat(givenMasks(new AnswerMasking(Mean.PER_TOKEN)).weights())
        .containsExactly(
            new float[] {1 / (0.5f * 8), 1 / (0.25f * 8), 1 / (0.25f * 8)}, within(1e-6f));
  }

  private static ScoredBatch givenMasks(AnswerMasking objective) {
    BitSet first = new BitSet();
    first.set(4);
    BitSet second = new BitSet();
    second.set(2, 4);
    return objective.batch(ROWS, List.of(first, second), new double[] {0.5, 0.25}, MASK);
  }

  @ParameterizedTest
  @EnumSource(Mean.class)
  void weighsAnAnswersTokensByOneInExpectation(Mean mean) {
    double sum = 0;
    int batches = 4000;
    for (int step = 0; step < batches; step++) {
      for (float weight : batch(new AnswerMasking(mean, 0.3), step).weights()) {
        sum += weight;
      }
    }

    assertThat(sum / batches).isCloseTo(1, within(0.05));
  }

  @Test
  void hidesWholePromptsInTheShareOfUnconditionalRowsAndScoresNothingThere() {
    AnswerMasking guided = new AnswerMasking(Mean.PER_TOKEN, 0.25);
    int hidden = 0;
    int steps = 2000;
    for (int step = 0; step < steps; step++) {
      ScoredBatch batch = batch(guided, step);
      int[] seen = Arrays.copyOfRange(batch.ids(), 0, 3);
      boolean without = Arrays.stream(seen).allMatch(id -> id == MASK);
      hidden += without ? 1 : 0;

      assertThat(without ? new int[] {1, 2, 3} : seen).containsExactly(1, 2, 3);
      assertThat(Arrays.stream(batch.rows()).filter(row -> row < 3 || row == 6))
          .allMatch(row -> batch.weights().length == 1 && batch.weights()[0] == 0);
    }

    assertThat(hidden / (double) steps).isCloseTo(0.25, within(0.04));
  }

  @Test
  void masksAnAnswerAlikeWithAndWithoutItsPrompt() {
    AnswerMasking guided = new AnswerMasking(Mean.PER_TOKEN, 0.5);
    AnswerMasking plain = guided.validation();

    for (int step = 0; step < 50; step++) {
      assertThat(batch(guided, step).rows()).isEqualTo(batch(plain, step).rows());
      assertThat(batch(guided, step).weights()).isEqualTo(batch(plain, step).weights());
    }
    assertThat(plain.unconditional()).isZero();
  }

  @Test
  void learnsAllOfATextWithoutPrompts() {
    int[][] text = {{1, 2, 3, 4}};
    boolean[] scored = new boolean[4];
    for (int step = 0; step < 100; step++) {
      for (int row : objective.batch(text, MASK, KeyedRandom.of(4).split(step)).rows()) {
        scored[row] = true;
      }
    }

    assertThat(scored).containsExactly(true, true, true, true);
  }

  @Test
  void refusesAShareThatLeavesNoPrompt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AnswerMasking(Mean.PER_TOKEN, 1))
        .withMessageContaining("unconditional must be in [0, 1)");
  }
}
