package dev.unmask.lm.torch;

/** Number type of the large matrix products; norms, softmax, loss and weights stay float32. */
public enum Precision {
  F32(6),
  BF16(15),
  /**
   * Products of whole numbers, for decoding: weights scaled by output channel, what they are
   * multiplied with scaled by row as it comes; everything else float32.
   */
  INT8(6),
  /** {@link #INT8} with bfloat16 where that keeps float32: attention and what is cached. */
  INT8_BF16(15),
  /** For tests that compare two ways of computing the same thing. */
  F64(7);

  private final int scalarType;

  Precision(int scalarType) {
    this.scalarType = scalarType;
  }

  /** Whether products are of whole numbers, which learn nothing. */
  public boolean isWhole() {
    return this == INT8 || this == INT8_BF16;
  }

  /**
   * Whether the logits of a network that is decoded with are the same, bit for bit, on any number
   * of threads: oneDNN splits a product by rows and columns only, the products of float32 split
   * their sums as well.
   */
  public boolean isIndependentOfThreads() {
    return this == BF16 || this == INT8_BF16;
  }

  /** PyTorch's code of the number type that kernels compute in around the products. */
  public int scalarType() {
    return scalarType;
  }
}
