package dev.unmask.lm.backbone;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.torch.Precision;
import org.jspecify.annotations.Nullable;

/** A network that predicts every masked token from the visible ones. Engine thread only. */
public interface Backbone extends AutoCloseable {
  BackboneConfig config();

  /** Number type of its matrix products. */
  Precision precision();

  /**
   * One forward pass over N tokens of one sequence.
   *
   * @param ids token ids in {@code [0, V)}
   * @param positions absolute position of each token, in {@code [0, contextLength)}
   * @param past keys and values that each of the N tokens sees; none for null. Its tokens are not
   *     modified; spare room behind them is used (see {@link KeyValues#reserve})
   * @param attention who sees whom among the N tokens, asked with their absolute positions
   * @param rows which of the N tokens need logits, as indices into {@code ids}; one at least
   * @return raw logits of those rows, the mask column included (it is not a prediction: leave it
   *     out), and the keys and values of the N tokens; closed by the caller
   * @throws IllegalArgumentException if lengths differ or an id, position or row is out of range
   */
  ForwardPass forward(
      int[] ids, int[] positions, @Nullable KeyValues past, AttentionLayout attention, int[] rows);

  @Override
  void close();
}
