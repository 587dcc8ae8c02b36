package dev.unmask.lm.decoding;

/** Why an answer ended. */
public enum FinishReason {
  /** The model wrote its end of text, or one of the stop texts. */
  STOP,
  /** Every masked position is filled. */
  LENGTH
}
