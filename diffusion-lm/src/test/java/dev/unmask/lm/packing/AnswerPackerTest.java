package dev.unmask.lm.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerPackerTest {
  private static final int END = 99;
  private static final int LENGTH = 6;

  @TempDir Path folder;

  private static AnswerPacker packer() {
    AnswerPacker packer = new AnswerPacker(LENGTH, END);
    packer.add(new int[] {1, 2}, new int[] {3});
    packer.add(new int[] {4}, new int[] {5, 6, 7, 8});
    packer.add(new int[] {9}, new int[] {10});
    return packer;
  }

  @Test
  void endsEveryAnswerAndFillsItsRowUpWithEnds() {
    PackedSequences packed = packer().pack();

    assertThat(packed.hasAnswers()).isTrue();
    assertThat(packed.count()).isEqualTo(3);
    assertThat(packed.sequence(0)).containsExactly(1, 2, 3, END, END, END);
    assertThat(packed.sequence(1)).containsExactly(4, 5, 6, 7, 8, END);
    assertThat(packed.answer(0)).isEqualTo(new AnswerSpan(2, 4));
    assertThat(packed.answer(1)).isEqualTo(new AnswerSpan(1, 6));
  }

  @Test
  void leavesOutWhatDoesNotFitAndCountsIt() {
    AnswerPacker packer = packer();

    assertThat(packer.add(new int[] {1, 2, 3}, new int[] {4, 5, 6})).isFalse();
    assertThat(packer.leftOut()).isEqualTo(1);
    assertThat(packer.count()).isEqualTo(3);
    assertThat(packer.answerTokens()).isEqualTo(2 + 5 + 2);
    assertThat(packer.pack().count()).isEqualTo(3);
  }

  @Test
  void padsABatchToItsLongestAnswerOnly() {
    AnswerRows rows = packer().pack().answerRows(0, 2);

    assertThat(rows.length()).isEqualTo(4);
    assertThat(rows.tokens()[0]).containsExactly(1, 2, 3, END);
    assertThat(rows.tokens()[1]).containsExactly(9, 10, END, END);
    assertThat(rows.answers()).containsExactly(new AnswerSpan(2, 4), new AnswerSpan(1, 3));
    assertThat(rows.answerTokens()).isEqualTo(4);
  }

  @Test
  void drawsTheBatchesOfAStepAsTextIsDrawn() {
    PackedSequences packed = packer().pack();

    for (long step = 0; step < 9; step++) {
      int[][] text = packed.batch(step, 2, 5);
      AnswerRows rows = packed.answerBatch(step, 2, 5);
      for (int i = 0; i < 2; i++) {
        assertThat(text[i]).startsWith(rows.tokens()[i]);
      }
    }
  }

  @Test
  void keepsRowsAndAnswersInAFile() throws IOException {
    Path file = folder.resolve("rows.bin");
    PackedSequences packed = packer().pack();
    packed.save(file);

    PackedSequences loaded = PackedSequences.load(file);

    assertThat(loaded.hasAnswers()).isTrue();
    assertThat(loaded.count()).isEqualTo(3);
    assertThat(loaded.length()).isEqualTo(LENGTH);
    for (int i = 0; i < 3; i++) {
      assertThat(loaded.sequence(i)).isEqualTo(packed.sequence(i));
      assertThat(loaded.answer(i)).isEqualTo(packed.answer(i));
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[24] ^= 1; // where the first answer begins
    Files.write(file, bytes);
    assertThatThrownBy(() -> PackedSequences.load(file))
        .isInstanceOf(InvalidPackedSequencesException.class)
        .hasMessageContaining("checksum");
  }

  @Test
  void saysHowLongAnExampleIsWhenNoneFits() {
    AnswerPacker packer = new AnswerPacker(LENGTH, END);
    packer.add(new int[] {1, 2, 3}, new int[] {4, 5, 6});

    assertThatThrownBy(packer::pack)
        .isInstanceOf(CorpusTooSmallException.class)
        .hasMessageContaining("context of 6 tokens, the longest needs 7");
  }

  @Test
  void refusesATokenizerWithoutAnEnd() {
    assertThatThrownBy(() -> new AnswerPacker(LENGTH, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("end-of-text");
  }

  @Test
  void textHasNoAnswers() {
    PackedSequences text = Packer.pack(List.of(new int[] {1, 2, 3}), 2, END);

    assertThat(text.hasAnswers()).isFalse();
    assertThatThrownBy(() -> text.answer(0)).isInstanceOf(IllegalStateException.class);
  }
}
