package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.decoding.policy.RevealPolicy.Reveals;
import dev.unmask.lm.random.KeyedRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IndependentRevealsTest extends DecodingPolicyContract {
  @Override
  DecodingPolicy policy() {
    return new IndependentReveals(new RevealGrid(4, 1e-3), false);
  }

  @Test
  void revealsTheSharesOfTheGridOnAverage() {
    KeyedRandom random = KeyedRandom.of(1);
    int[] masked = IntStream.range(0, 40_000).toArray();
    RevealGrid grid = new RevealGrid(5, 1e-3);
    Reveals reveals = new IndependentReveals(grid, false).begin(masked.length, random::uniform);

    for (int step = 0; step < 5; step++) {
      double share = (double) reveals.asked(masked, step).length / masked.length;
      assertThat(share).isCloseTo(grid.share(step), within(0.01));
    }
  }

  @Test
  void asksOnlyForWhatItRevealsUnlessItFollowsThePublishedCode() {
    int[] masked = {0, 1, 2, 3};
    RevealGrid grid = new RevealGrid(4, 0);
    RevealPolicy.RevealUniforms uniforms = (step, position) -> position == 2 ? .1 : .9;
    Reveals clean = new IndependentReveals(grid, false).begin(4, uniforms);
    Reveals published = new IndependentReveals(grid, true).begin(4, uniforms);

    assertThat(clean.asked(masked, 0)).containsExactly(2);
    assertThat(published.asked(masked, 0)).isEqualTo(masked);
    Candidates any = Candidates.ofConfidence(.1, .2, .3, .4);
    assertThat(published.select(any, masked, 0).stream()).containsExactly(2);
    assertThat(clean.asked(masked, 3)).isEqualTo(masked);
  }
}
