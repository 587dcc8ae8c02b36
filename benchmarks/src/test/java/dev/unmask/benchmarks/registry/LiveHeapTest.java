package dev.unmask.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LiveHeapTest {

  @Test
  void readsTheSumOfAHistogram() {
    String histogram =
        """
        4242:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         61385        6123456  [B (java.base@25)
        Total        543210       71234568
        """;

    assertThat(LiveHeap.parse(histogram)).isEqualTo(71_234_568);
  }

  @Test
  void saysWhatCameInsteadOfAHistogram() {
    assertThatThrownBy(() -> LiveHeap.parse("4242: no such process"))
        .hasMessage("jcmd gave no histogram: 4242: no such process");
  }
}
