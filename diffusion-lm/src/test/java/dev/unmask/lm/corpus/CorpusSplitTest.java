package dev.unmask.lm.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusSplitTest {

  private static final List<String> TEXTS =
      IntStream.range(0, 1000).mapToObj(i -> "document number " + i).toList();

  @Test
  void putsAboutTheWantedShareOfDocumentsIntoValidation() {
    CorpusSplit split = CorpusSplit.of(Corpus.of(TEXTS), 0.1);

    assertThat(split.validation()).hasSizeBetween(70, 130);
    assertThat(split.training()).hasSize(1000 - split.validation().size());
    assertThat(split.training()).doesNotContainAnyElementsOf(split.validation());
  }

  @Test
  void leavesADocumentOnItsSideWhenOthersCome() {
    CorpusSplit before = CorpusSplit.of(Corpus.of(TEXTS.subList(0, 500)), 0.1);
    CorpusSplit after = CorpusSplit.of(Corpus.of(TEXTS), 0.1);

    assertThat(after.validation()).containsAll(before.validation());
    assertThat(after.training()).containsAll(before.training());
  }

  @Test
  void neverPutsCopiesOfADocumentOnBothSides() {
    List<String> twice = new ArrayList<>(TEXTS);
    twice.addAll(TEXTS);

    CorpusSplit split = CorpusSplit.of(Corpus.of(twice), 0.2);

    assertThat(split.training()).doesNotContainAnyElementsOf(split.validation());
  }

  @Test
  void splitsASingleDocumentAtALineEndNearTheWantedPlace() {
    String text = "0123456789\n".repeat(100);

    CorpusSplit split = CorpusSplit.of(Corpus.of(List.of(text)), 0.1);

    assertThat(split.training()).containsExactly("0123456789\n".repeat(90));
    assertThat(split.validation()).containsExactly("0123456789\n".repeat(10));
  }

  @Test
  void neverSplitsACharacter() {
    CorpusSplit split = CorpusSplit.of(Corpus.of(List.of("😀😀😀😀😀")), 0.5);

    assertThat(split.training().getFirst() + split.validation().getFirst()).isEqualTo("😀😀😀😀😀");
    assertThat(split.training().getFirst()).isEqualTo("😀😀");
  }

  @Test
  void splitsEachOfAFewDocumentsByPosition() {
    CorpusSplit split = CorpusSplit.of(Corpus.of(List.of("aaaaaaaaab", "cccccccccd")), 0.1);

    assertThat(split.training()).containsExactly("aaaaaaaaa", "ccccccccc");
    assertThat(split.validation()).containsExactly("b", "d");
  }

  @Test
  void saysThatACorpusOfOneCharacterCannotBeDivided() {
    assertThatThrownBy(() -> CorpusSplit.of(Corpus.of(List.of("x")), 0.1))
        .isInstanceOf(InvalidCorpusException.class)
        .hasMessageContaining("too short");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 0.51, Double.NaN})
  void refusesAFractionOutOfRange(double fraction) {
    assertThatThrownBy(() -> CorpusSplit.of(Corpus.of(TEXTS), fraction))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("validationFraction must be in (0, 0.5], was " + fraction);
  }
}
