package dev.unmask.lm.backbone;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What a training pass of a {@link Transformer} reads, as its kernels take it.
 *
 * @param settings on the host: heads, key/value heads, layout, number type, mask id, attention
 * @param numbers norm epsilon
 * @param networkWeights in the order of the kernels
 */
record PassArguments(
    NDArray ids,
    NDArray positions,
    NDArray cos,
    NDArray sin,
    NDArray settings,
    NDArray numbers,
    NDArray rows,
    NDArray targets,
    NDArray weights,
    List<NDArray> networkWeights,
    List<NDArray> masks) {

  /** Of the kernel {@code loss}. */
  Object[] ofLoss() {
    return new Object[] {
      ids, positions, cos, sin, settings, numbers, rows, targets, weights, networkWeights, masks
    };
  }

  /** Of the kernel {@code embed}. */
  Object[] ofEmbedding() {
    return new Object[] {ids, settings, networkWeights};
  }

  /** Of the kernel {@code pass_layer}. */
  Object[] ofLayer(NDArray x, NDArray index) {
    return new Object[] {x, index, positions, cos, sin, settings, numbers, networkWeights, masks};
  }

  /** Of the kernel {@code pass_end}. */
  Object[] ofEnd(NDArray x) {
    return new Object[] {
      x, positions, cos, sin, settings, numbers, rows, targets, weights, networkWeights, masks
    };
  }
}
