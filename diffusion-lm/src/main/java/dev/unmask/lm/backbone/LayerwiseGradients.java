package dev.unmask.lm.backbone;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradients of a {@link Transformer} a layer at a time, from the last: a layer's activations
 * are computed again from its input when its gradients are due ({@link Activations#RECOMPUTED}).
 */
final class LayerwiseGradients {
  private final Kernels kernels;
  private final int layers;

  LayerwiseGradients(Kernels kernels, int layers) {
    this.kernels = kernels;
    this.layers = layers;
  }

  /**
   * Adds the gradients to those of the weights; the results are those of the kernel of the loss.
   */
  NDList add(TensorScope once, PassArguments pass) {
    List<NDArray> inputs = new ArrayList<>();
    inputs.add(kernels.call(once, "embed", pass.ofEmbedding()).get(0));
    for (int i = 0; i < layers - 1; i++) {
      inputs.add(
          kernels.call(once, "pass_layer", pass.ofLayer(inputs.get(i), index(once, i))).get(0));
    }
    NDArray last = leaf(once, inputs.get(layers - 1));
    NDList results = kernels.differentiate(once, "pass_end", pass.ofEnd(last));
    NDArray gradient = once.keep(last.getGradient());
    last.close();
    for (int i = layers - 2; i >= 0; i--) {
      gradient = before(once, pass, inputs.get(i), i, gradient);
    }
    try (TensorScope embedding = once.child()) {
      kernels.differentiateOnwards(embedding, "embed", gradient, pass.ofEmbedding());
    }
    return results;
  }

  /** The gradient of a layer's input; what the layer computed on the way is freed. */
  private NDArray before(
      TensorScope once, PassArguments pass, NDArray input, int layer, NDArray gradient) {
    NDArray leaf = leaf(once, input);
    try (TensorScope passed = once.child()) {
      kernels.differentiateOnwards(
          passed, "pass_layer", gradient, pass.ofLayer(leaf, index(passed, layer)));
    }
    NDArray before = once.keep(leaf.getGradient());
    gradient.close();
    leaf.close();
    return before;
  }

  /** A copy that gathers gradients: what was computed without recording them never may. */
  private static NDArray leaf(TensorScope once, NDArray input) {
    NDArray leaf = once.keep(input.duplicate());
    input.close();
    TensorScope.requireGradient(leaf);
    return leaf;
  }

  /** On the host, where the kernel reads it. */
  private static NDArray index(TensorScope scope, int layer) {
    return scope.manager().newSubManager(Device.cpu()).create((long) layer);
  }
}
