package dev.unmask.lm.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.attention.AttentionLayout.Causal;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionLayoutTest {
  @ParameterizedTest
  @CsvSource({"4,1,20", "4,2,24", "4,4,32", "8,2,80", "8,4,96"})
  void noisyThenCleanAllowsLengthSquaredPlusLengthTimesBlockSize(
      int length, int blockSize, int expected) {
    AttentionLayout layout = new NoisyThenClean(blockSize, length);

    int allowed = 0;
    for (int query = 0; query < 2 * length; query++) {
      for (int key = 0; key < 2 * length; key++) {
        allowed += layout.allows(query, key) ? 1 : 0;
      }
    }

    assertThat(allowed).isEqualTo(expected);
  }

  @Test
  void cleanTokensNeverSeeNoise() {
    AttentionLayout layout = new NoisyThenClean(3, 8);

    for (int clean = 8; clean < 16; clean++) {
      for (int noisy = 0; noisy < 8; noisy++) {
        assertThat(layout.allows(clean, noisy)).isFalse();
      }
    }
  }

  @Test
  void aNoisyTokenNeverSeesTheCleanTokensOfItsOwnBlock() {
    AttentionLayout layout = new NoisyThenClean(4, 8);

    for (int position = 0; position < 8; position++) {
      assertThat(layout.allows(position, 8 + position)).isFalse();
    }
  }

  @Test
  void blocksOfOneTokenAreCausal() {
    AttentionLayout blocks = new BlockCausal(1);

    for (int query = 0; query < 6; query++) {
      for (int key = 0; key < 6; key++) {
        assertThat(blocks.allows(query, key)).isEqualTo(new Causal().allows(query, key));
      }
    }
  }

  @Test
  void aMaskIsLeftOutWhereItWouldHideNothing() {
    int[] oneBlock = {4, 5, 6, 7};

    assertThat(AttentionMask.among(new BlockCausal(4), oneBlock, 9)).isEmpty();
    assertThat(AttentionMask.among(new Full(), new int[] {3, 9}, 2)).isEmpty();
    assertThat(AttentionMask.among(new Causal(), oneBlock, 0)).hasSize(16);
  }

  @Test
  void everyTokenSeesThePast() {
    float inf = Float.NEGATIVE_INFINITY;

    assertThat(AttentionMask.among(new Causal(), new int[] {5, 6}, 2))
        .containsExactly(0, 0, 0, inf, 0, 0, 0, 0);
  }
}
