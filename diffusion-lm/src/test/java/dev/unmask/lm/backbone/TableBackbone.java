package dev.unmask.lm.backbone;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.TensorScope;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A backbone whose logits are looked up: real samplers and caches run over a known network. */
public final class TableBackbone implements Backbone {
  private final BackboneConfig config;
  private final Function<int[], double[][]> logits;
  private final Kernels keyValueKernels = Kernels.load(KeyValues.class);

  /**
   * @param logits from the tokens of a pass, at positions from 0 on, to {@code [tokens, V]}
   */
  public TableBackbone(BackboneConfig config, Function<int[], double[][]> logits) {
    this.config = config;
    this.logits = logits;
  }

  @Override
  public BackboneConfig config() {
    return config;
  }

  @Override
  public Precision precision() {
    return Precision.F32;
  }

  @Override
  public ForwardPass forward(
      int[] ids, int[] positions, @Nullable KeyValues past, AttentionLayout attention, int[] rows) {
    if (past != null || positions[0] != 0) {
      throw new IllegalArgumentException("a table keeps nothing: decode without cache");
    }
    double[][] all = logits.apply(ids);
    int columns = config.vocabularySize();
    float[] chosen = new float[rows.length * columns];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = (float) all[rows[i / columns]][i % columns];
    }
    TensorScope scope = TensorScope.open();
    TensorScope none = TensorScope.open();
    KeyValues nothing =
        new KeyValues(
            keyValueKernels,
            none,
            none.manager().zeros(new Shape(1, 2, 1, ids.length, 1), DataType.FLOAT32),
            ids.length);
    return new ForwardPass(scope, scope.floats(chosen, rows.length, columns), nothing);
  }

  @Override
  public void close() {
    keyValueKernels.close();
  }
}
