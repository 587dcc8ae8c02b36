package dev.unmask.lm.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyedRandomTest {
  private static final int DRAWS = 200_000;

  @Test
  void givesTheSameNumberForTheSameKeyForEver() {
    KeyedRandom random = KeyedRandom.of(42).split("decoding").split(7);

    // Stored runs depend on these numbers: they may never change.
    assertThat(random.bits(1, 2, 3))
        .isEqualTo(KeyedRandom.of(42).split("decoding").split(7).bits(1, 2, 3));
    assertThat(KeyedRandom.of(0).bits(0)).isEqualTo(-4050504656052004942L);
    assertThat(KeyedRandom.of(42).split("decoding").bits(1, 2, 3)).isEqualTo(-6965419944666430652L);
  }

  @Test
  void changesWithEverySeedStreamAndCounter() {
    Set<Long> seen = new HashSet<>();
    for (int seed = 0; seed < 4; seed++) {
      for (int stream = 0; stream < 4; stream++) {
        for (int counter = 0; counter < 512; counter++) {
          seen.add(
              KeyedRandom.of(seed).split(stream).bits(counter & 7, counter >> 3 & 7, counter >> 6));
        }
      }
    }

    assertThat(seen).hasSize(4 * 4 * 512);
  }

  @Test
  void drawsUniformNumbersStrictlyInsideTheUnitInterval() {
    KeyedRandom random = KeyedRandom.of(1);
    int[] bins = new int[16];
    for (int i = 0; i < DRAWS; i++) {
      double u = random.uniform(3, i);
      assertThat(u).isGreaterThan(0).isLessThan(1);
      bins[(int) (u * 16)]++;
    }

    assertThat(chiSquare(bins)).isLessThan(45); // 15 degrees of freedom, p = 1e-4
  }

  @Test
  void keepsNeighbouringCountersUncorrelated() {
    KeyedRandom random = KeyedRandom.of(5);
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
      sum += (random.uniform(i, 0) - 0.5) * (random.uniform(i + 1, 0) - 0.5) * 12;
    }

    assertThat(sum / DRAWS).isCloseTo(0, within(4 / Math.sqrt(DRAWS)));
  }

  @Test
  void drawsIntegersWithoutBias() {
    int[] counts = new int[7];
    for (int i = 0; i < DRAWS; i++) {
      counts[KeyedRandom.of(9).nextInt(7, i)]++;
    }

    assertThat(chiSquare(counts)).isLessThan(28); // 6 degrees of freedom, p = 1e-4
    assertThatIllegalArgumentException().isThrownBy(() -> KeyedRandom.of(1).nextInt(0, 1));
  }

  @Test
  void drawsNormalNumbersOfMeanZeroAndVarianceOne() {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double z = KeyedRandom.of(3).gaussian(i);
      sum += z;
      squares += z * z;
    }

    assertThat(sum / DRAWS).isCloseTo(0, within(0.01));
    assertThat(squares / DRAWS).isCloseTo(1, within(0.015));
  }

  @Test
  void permutesEveryOrderEquallyOften() {
    int[] counts = new int[6];
    for (int i = 0; i < 60_000; i++) {
      int[] order = KeyedRandom.of(i).permutation(3);
      counts[order[0] * 2 + (order[1] > order[2] ? 1 : 0)]++;
    }

    assertThat(chiSquare(counts)).isLessThan(26); // 5 degrees of freedom, p = 1e-4
    int[] sorted = KeyedRandom.of(11).permutation(100);
    Arrays.sort(sorted);
    assertThat(sorted).startsWith(0, 1, 2).endsWith(98, 99).doesNotHaveDuplicates();
  }

  private static double chiSquare(int[] counts) {
    double expected = Arrays.stream(counts).sum() / (double) counts.length;
    return Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
  }
}
