package dev.unmask.lm.backbone;

/** What a training step holds of what its layers computed until their gradients are due. */
public enum Activations {
  /** All of it. */
  KEPT,
  /**
   * The input of every layer; the rest is computed once more, a layer at a time (Chen et al.,
   * arXiv:1604.06174). A step takes about a third longer; the gradients are the same.
   */
  RECOMPUTED
}
