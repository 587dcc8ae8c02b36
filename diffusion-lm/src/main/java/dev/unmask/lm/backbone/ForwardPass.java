package dev.unmask.lm.backbone;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.torch.TensorScope;
import java.util.Arrays;

/**
 * What one forward pass computed. Closing it frees the logits, and the keys and values unless they
 * were taken.
 */
public final class ForwardPass implements AutoCloseable {
  private final TensorScope scope;
  private final NDArray logits;
  private final KeyValues keyValues;
  private boolean taken;

  ForwardPass(TensorScope scope, NDArray logits, KeyValues keyValues) {
    this.scope = scope;
    this.logits = logits;
    this.keyValues = keyValues;
  }

  /** float32 {@code [rows, V]} on the device, not normalised; closed with the pass. */
  public NDArray logits() {
    return logits;
  }

  /**
   * This pass with its raw logits moved away from those of another, {@code other + (1 + scale)
   * (this - other)}: classifier-free guidance. Takes this pass over and closes the other.
   *
   * @param other over the same rows
   */
  public ForwardPass awayFrom(ForwardPass other, double scale) {
    try (other) {
      NDArray moved = logits.sub(other.logits).mul(1 + scale).add(other.logits);
      return new ForwardPass(scope, scope.keep(moved), keyValues);
    }
  }

  /** Keys and values of the N tokens; closed with the pass. */
  public KeyValues keyValues() {
    return keyValues;
  }

  /** Keys and values of the N tokens, which the caller closes from now on. */
  public KeyValues takeKeyValues() {
    taken = true;
    return keyValues;
  }

  /** The logits as {@code [rows][V]}, for tests and scoring. */
  public float[][] logitsToHost() {
    return toHost(logits);
  }

  /** As {@link #logitsToHost}, for arithmetic in double. */
  public double[][] logitsInDouble() {
    float[][] host = logitsToHost();
    double[][] wide = new double[host.length][];
    for (int row = 0; row < host.length; row++) {
      float[] values = host[row];
      wide[row] = new double[values.length];
      Arrays.setAll(wide[row], i -> values[i]);
    }
    return wide;
  }

  static float[][] toHost(NDArray logits) {
    float[] flat = logits.toFloatArray();
    int rows = (int) logits.getShape().get(0);
    int columns = flat.length / rows;
    float[][] host = new float[rows][columns];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(flat, row * columns, host[row], 0, columns);
    }
    return host;
  }

  @Override
  public void close() {
    scope.close();
    if (!taken) {
      keyValues.close();
    }
  }
}
