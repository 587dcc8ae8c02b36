package dev.unmask.lm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Covers(
    method = "llada",
    parts = {Part.SCORE})
class MaskCountsTest {
  @ParameterizedTest
  @CsvSource({
    "10,4,3,'3,6,8,10'",
    "16,16,5,'5,6,7,8,9,10,11,12,13,14,15,16,1,2,3,4'",
    "8,4,6,'6,8,2,4'",
    "3,2,1,'1,2'",
    "3,2,2,'2,1'",
    "3,2,3,'3,1'",
    "5,2,1,'1,4'",
    "7,1,4,'4'"
  })
  void thePublishedGridRoundsHalfToEven(int length, int draws, int first, String counts) {
    assertThat(MaskCounts.PUBLISHED.of(length, draws, first))
        .containsExactly(
            java.util.Arrays.stream(counts.split(",")).mapToInt(Integer::parseInt).toArray());
  }

  @Test
  void thePublishedGridPrefersSomeCounts() {
    assertThat(frequencies(MaskCounts.PUBLISHED, 3, 2)).containsExactly(3, 2, 1);
    assertThat(frequencies(MaskCounts.PUBLISHED, 10, 4))
        .containsExactly(2, 6, 2, 6, 2, 6, 2, 6, 2, 6);
  }

  @ParameterizedTest
  @CsvSource({"3,2", "10,4", "100,16", "7,7", "5,9", "1,3"})
  void theEvenGridPrefersNone(int length, int draws) {
    assertThat(frequencies(MaskCounts.EVEN, length, draws)).containsOnly(draws);
  }

  @ParameterizedTest
  @CsvSource({"16,4", "12,3", "8,8"})
  void bothAreTheSameWhereTheDrawsDivideTheLength(int length, int draws) {
    for (int first = 1; first <= length; first++) {
      assertThat(MaskCounts.PUBLISHED.of(length, draws, first))
          .isEqualTo(MaskCounts.EVEN.of(length, draws, first));
    }
  }

  private static int[] frequencies(MaskCounts grid, int length, int draws) {
    int[] times = new int[length];
    for (int first = 1; first <= length; first++) {
      for (int count : grid.of(length, draws, first)) {
        times[count - 1]++;
      }
    }
    return times;
  }
}
