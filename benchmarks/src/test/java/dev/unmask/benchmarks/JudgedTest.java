package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class JudgedTest {

  @Test
  void measuresTheLossAgainstTheSamePromptsWithItsStandardError() {
    List<Judged> reference = List.of(judged(128, 1.0), judged(128, 3.0));
    List<Judged> faster = List.of(judged(32, 1.2), judged(64, 3.2));

    Judged.Mean loss = Judged.loss(faster, reference);

    // 2.2 / 2 - 1; what is left of the pairs is 1.2 - 1.1 and 3.2 - 3.3
    assertThat(loss.value()).isCloseTo(0.1, within(1e-12));
    assertThat(loss.standardError()).isCloseTo(0.1 / 2, within(1e-12));
  }

  @Test
  void hasNoLossAgainstItself() {
    List<Judged> completions = List.of(judged(128, 1.0), judged(128, 3.0));

    assertThat(Judged.loss(completions, completions)).isEqualTo(new Judged.Mean(0, 0));
  }

  @Test
  void dividesAllTokensByAllForwardPasses() {
    assertThat(Judged.tokensPerForward(List.of(judged(32, 1), judged(64, 1))))
        .isCloseTo(256.0 / 96, within(1e-12));
  }

  private static Judged judged(int nfe, double nats) {
    return new Judged(128, nfe, 1, nats, 2);
  }
}
