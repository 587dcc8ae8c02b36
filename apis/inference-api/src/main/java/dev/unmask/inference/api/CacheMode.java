package dev.unmask.inference.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which keys and values are kept between denoising steps. */
public enum CacheMode {
  /** Nothing: every step computes the whole sequence. */
  @JsonProperty("none")
  NONE,
  /** What stands left of the active block; approximate under full attention. */
  @JsonProperty("prefix")
  PREFIX,
  /** What stands left and right of the active block; approximate. */
  @JsonProperty("dual")
  DUAL,
  /** Finished blocks of a block-causal model; exact. */
  @JsonProperty("block")
  BLOCK
}
