package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GuidedContinuationsTest {

  @Test
  void offersThreeOtherRowsThatStayTheSameFromScaleToScale() {
    for (int row = 0; row < 4; row++) {
      List<Integer> others = GuidedContinuations.others(row, 4);

      assertThat(others).hasSize(3).doesNotHaveDuplicates().doesNotContain(row);
      assertThat(GuidedContinuations.others(row, 4)).isEqualTo(others);
    }
  }
}
