package dev.unmask.lm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.cache.NoCache;
import dev.unmask.lm.decoding.TinyModel;
import dev.unmask.lm.decoding.TokenSampler;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

@Covers(
    method = "dream",
    parts = {Part.SCORE})
@Covers(
    method = "smdm",
    parts = {Part.SCORE})
class IndependentMaskBoundTest {
  private static final int[] TOKENS = {3, 1, 4, 1, 5};
  private static final int FROM = 2;

  @Test
  void isUnbiased() {
    with(
        bound -> {
          double exact = exact(bound);

          TextScore few = bound.score(TOKENS, FROM, 400, 4, 1);

          assertThat(few.totalNats()).isCloseTo(exact, within(0.05 * exact));
          assertThat(few.nfe()).isEqualTo(1600);
        });
  }

  /** Over p the weight p^(k-1) (1-p)^(L-k) of a set of k of L masks integrates to (k C(L,k))^-1. */
  private static double exact(IndependentMaskBound bound) {
    double sum = 0;
    for (long subset = 1; subset < 8; subset++) {
      BitSet masked = new BitSet();
      BitSet.valueOf(new long[] {subset}).stream().forEach(i -> masked.set(FROM + i));
      int k = masked.cardinality();
      double weight = k == 3 ? 1.0 / 3 : 1.0 / (3 * k);
      sum += weight * Arrays.stream(bound.estimate(TOKENS, masked, 1)).sum();
    }
    return sum;
  }

  @Test
  void givesTheSameForTheSameSeed() {
    with(
        bound ->
            assertThat(bound.score(TOKENS, FROM, 2, 4, 7).nats())
                .isEqualTo(bound.score(TOKENS, FROM, 2, 4, 7).nats()));
  }

  @Test
  void needsSomethingToScore() {
    with(
        bound -> {
          assertThatIllegalArgumentException().isThrownBy(() -> bound.score(TOKENS, 5, 1, 1, 0));
          assertThatIllegalArgumentException().isThrownBy(() -> bound.score(TOKENS, 2, 0, 1, 0));
        });
  }

  private static void with(java.util.function.Consumer<IndependentMaskBound> check) {
    try (TinyModel model = TinyModel.random(3, 0);
        KvCache network = new NoCache(model, new AttentionLayout.Full(), 0);
        TokenSampler sampler =
            new TokenSampler(TinyModel.VOCABULARY, TinyModel.VOCABULARY - 1, -1)) {
      check.accept(new IndependentMaskBound(network, model.config(), sampler));
    }
  }
}
