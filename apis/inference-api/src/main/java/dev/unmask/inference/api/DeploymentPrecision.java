package dev.unmask.inference.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Number type a deployment computes in. */
public enum DeploymentPrecision {
  /** Measured when the model is loaded: the faster one wins. */
  @JsonProperty("auto")
  AUTO,
  @JsonProperty("f32")
  F32,
  @JsonProperty("bf16")
  BF16,
  /** Whole-number products: faster, and a little off; never picked by {@code auto}. */
  @JsonProperty("int8")
  INT8
}
