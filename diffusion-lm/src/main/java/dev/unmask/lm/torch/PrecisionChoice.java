package dev.unmask.lm.torch;

/** What the user asked for; {@code AUTO} measures this machine and picks. */
public enum PrecisionChoice {
  AUTO,
  F32,
  BF16,
  /** Changes answers a little, so it is never picked but only asked for; decoding only. */
  INT8
}
