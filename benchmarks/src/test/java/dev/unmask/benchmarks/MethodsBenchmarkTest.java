package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MethodsBenchmarkTest {

  @Test
  void countsEqualLikelihoodsAsOutOfOrder() {
    assertThat(MethodsBenchmark.ascending(List.of(1.5, 1.6, 1.7))).isTrue();
    assertThat(MethodsBenchmark.ascending(List.of(1.5, 1.5, 1.7))).isFalse();
    assertThat(MethodsBenchmark.ascending(List.of(1.5, 1.7, 1.6))).isFalse();
  }
}
