package dev.unmask.lm.decoding;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.cache.DualCache;
import dev.unmask.lm.cache.GuidedCache;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.cache.NoCache;
import dev.unmask.lm.cache.PrefixCache;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import java.util.BitSet;

/** The caches of a full-attention network, with guidance or without. */
public final class FullAttentionCaches {
  private FullAttentionCaches() {}

  /**
   * @param given positions whose tokens guidance takes away
   * @param guidance scale of classifier-free guidance, 0 for none; each of its two canvases has a
   *     cache of its own
   * @throws DecodeSettingException if the cache is one of block-causal models
   */
  public static KvCache of(Backbone network, CacheKind kind, BitSet given, double guidance) {
    return guidance == 0
        ? of(network, kind)
        : new GuidedCache(
            of(network, kind), of(network, kind), given, network.config().maskId(), guidance);
  }

  private static KvCache of(Backbone network, CacheKind kind) {
    return switch (kind) {
      case NONE -> new NoCache(network, new AttentionLayout.Full(), 0);
      case PREFIX -> new PrefixCache(network);
      case DUAL -> new DualCache(network);
      case BLOCK ->
          throw new DecodeSettingException(
              "cache", "must be NONE, PREFIX or DUAL for a full-attention model, was BLOCK");
    };
  }
}
