package dev.unmask.inference.generation;

import dev.unmask.inference.api.CacheMode;
import dev.unmask.inference.api.DecodingSettings;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.decoding.policy.Factor;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import org.jspecify.annotations.Nullable;

/** Lays a deployment's settings over the model's, and a request's over both. */
final class DecodingLayers {
  private DecodingLayers() {}

  /** {@code below} with every setting replaced that {@code above} names. */
  static DecodeSettings overlay(DecodeSettings below, DecodingSettings above) {
    DecodeSettings result =
        below
            .withSampling(
                given(above.temperature(), below.temperature()), given(above.topP(), below.topP()))
            .withBlockSize(given(above.blockSize(), below.blockSize()))
            .withMaxTokens(given(above.maxTokens(), below.maxTokens()))
            .withSeed(given(above.seed(), below.seed()));
    CacheMode cache = above.cache();
    DecodingPolicy policy = policy(above);
    result = cache == null ? result : result.withCache(kind(cache));
    return policy == null ? result : result.withPolicy(policy);
  }

  /** What of the settings came from a policy field; null when none is set. */
  private static @Nullable DecodingPolicy policy(DecodingSettings settings) {
    Double threshold = settings.threshold();
    Integer tokens = settings.tokensPerStep();
    Double factor = settings.factor();
    if (threshold != null) {
      return new ConfidenceThreshold(threshold);
    }
    if (tokens != null) {
      return new FixedTokensPerStep(tokens);
    }
    return factor == null ? null : new Factor(factor);
  }

  private static CacheKind kind(CacheMode mode) {
    return switch (mode) {
      case NONE -> CacheKind.NONE;
      case PREFIX -> CacheKind.PREFIX;
      case DUAL -> CacheKind.DUAL;
      case BLOCK -> CacheKind.BLOCK;
    };
  }

  private static <T> T given(@Nullable T above, T below) {
    return above == null ? below : above;
  }
}
