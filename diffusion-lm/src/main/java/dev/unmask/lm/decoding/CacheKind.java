package dev.unmask.lm.decoding;

/** Which keys and values are kept between forward passes. */
public enum CacheKind {
  /** None: every forward pass computes the whole canvas. The oracle of the others. */
  NONE,
  /** Full attention: what stands left of the block, refreshed when a block starts. Approximate. */
  PREFIX,
  /** Full attention: what stands left and right of the block, refreshed likewise. Approximate. */
  DUAL,
  /** Block-causal models: all finished blocks. Exact. */
  BLOCK
}
