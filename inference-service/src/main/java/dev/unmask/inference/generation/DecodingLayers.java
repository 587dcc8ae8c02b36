package dev.unmask.inference.generation;

import dev.unmask.inference.api.CacheMode;
import dev.unmask.inference.api.DecodingSettings;
import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.decoding.policy.Factor;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.decoding.policy.RevealPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lays a deployment's settings over the model's, and a request's over both. */
final class DecodingLayers {
  private DecodingLayers() {}

  /** {@code below} with everything replaced that {@code above} names, but for the policy. */
  static DecodeSettings overlay(DecodeSettings below, DecodingSettings above) {
    DecodeSettings result =
        below
            .withSampling(
                given(above.temperature(), below.temperature()), given(above.topP(), below.topP()))
            .withTopK(given(above.topK(), below.topK()))
            .withGuidance(given(above.guidance(), below.guidance()))
            .withBlockSize(given(above.blockSize(), below.blockSize()))
            .withMaxTokens(given(above.maxTokens(), below.maxTokens()))
            .withSeed(given(above.seed(), below.seed()));
    CacheMode cache = above.cache();
    return cache == null ? result : result.withCache(kind(cache));
  }

  /**
   * The policy of the highest layer that names one, for the answer's decided length and blocks.
   *
   * @param layers highest first
   * @param algorithms those of the model
   * @throws DecodeSettingException if none of them has the name that is asked for
   */
  static DecodeSettings withPolicy(
      DecodeSettings settings, List<DecodingSettings> layers, List<Algorithm> algorithms) {
    boolean cacheNamed = false;
    for (DecodingSettings layer : layers) {
      cacheNamed |= layer.cache() != null;
      DecodingPolicy policy = policy(layer, settings, algorithms);
      if (policy != null) {
        DecodeSettings result = settings.withPolicy(policy);
        // one over the whole canvas fits no cache: naming it is asking for none
        boolean noCache = policy instanceof RevealPolicy && !cacheNamed;
        return noCache ? result.withCache(CacheKind.NONE) : result;
      }
    }
    return settings;
  }

  /** What of the settings came from a policy field; null when none is set. */
  private static @Nullable DecodingPolicy policy(
      DecodingSettings settings, DecodeSettings sizes, List<Algorithm> algorithms) {
    String name = settings.algorithm();
    Integer steps = settings.steps();
    if (name != null) {
      return named(name, algorithms).policy(sizes, steps, settings.threshold());
    }
    if (steps != null) {
      return algorithms.getFirst().policy(sizes, steps, null);
    }
    return byCount(settings);
  }

  private static @Nullable DecodingPolicy byCount(DecodingSettings settings) {
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

  private static Algorithm named(String name, List<Algorithm> algorithms) {
    return algorithms.stream()
        .filter(algorithm -> algorithm.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new DecodeSettingException(
                    "algorithm",
                    "must be one of %s for this model, was %s"
                        .formatted(
                            algorithms.stream().map(Algorithm::name).sorted().toList(), name)));
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
