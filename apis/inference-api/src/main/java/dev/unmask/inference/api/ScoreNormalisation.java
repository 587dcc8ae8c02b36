package dev.unmask.inference.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an option's log-likelihood is divided by before options are compared. */
public enum ScoreNormalisation {
  @JsonProperty("none")
  NONE,
  /** Its number of tokens. */
  @JsonProperty("tokens")
  TOKENS,
  /** Its number of UTF-8 bytes. */
  @JsonProperty("bytes")
  BYTES
}
