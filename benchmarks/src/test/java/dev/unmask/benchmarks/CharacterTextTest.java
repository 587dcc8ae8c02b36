package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.packing.PackedSequences;
import org.junit.jupiter.api.Test;

class CharacterTextTest {

  @Test
  void scoresByTheFrequenciesOfOtherTokens() {
    int[] counted = {0, 0, 0, 1};
    int[] scored = {0, 1};

    // One added to each of three counts: 4/7, 2/7, 1/7.
    assertThat(CharacterText.unigramNats(counted, scored, 3))
        .isCloseTo(-(Math.log(4.0 / 7) + Math.log(2.0 / 7)) / 2, within(1e-12));
  }

  @Test
  void putsAPlateauOnAnEvenTextAtTheLogarithmOfItsCharacters() {
    CharacterText text = CharacterText.of("abcdefgh".repeat(10_000));

    assertThat(text.unigramNats()).isCloseTo(Math.log(8), within(0.01));
  }

  @Test
  void repeatsTheRowsThatAreScoredSeveralTimes() {
    CharacterText text = CharacterText.of("What is past is prologue. ".repeat(200));
    PackedSequences repeated = text.validation(3, 2);

    assertThat(repeated.count()).isEqualTo(6);
    assertThat(repeated.sequence(4)).isEqualTo(text.validation().sequence(1));
  }

  @Test
  void tellsTextsApart() {
    assertThat(CharacterText.of("a".repeat(2_000)).digest())
        .isNotEqualTo(CharacterText.of("b".repeat(2_000)).digest());
  }
}
