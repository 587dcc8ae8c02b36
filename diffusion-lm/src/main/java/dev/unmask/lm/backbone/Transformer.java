package dev.unmask.lm.backbone;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.attention.AttentionMask;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.Processor;
import dev.unmask.lm.torch.SharedCores;
import dev.unmask.lm.torch.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transformer without noise input, for training and for decoding. Engine thread only.
 *
 * <p>The kernels are in {@code Transformer.torchscript.py}. Training passes go over batches and
 * record gradients; decoding passes go over one sequence and what is cached of it.
 */
public final class Transformer implements TrainableBackbone {
  private final BackboneConfig config;
  private final Precision precision;
  private final Weights weights;
  private final TensorScope scope;
  private final Kernels kernels;
  private final Kernels keyValueKernels;
  private final TrainingMasks masks;
  private final RotaryCache rotary;
  private final NDArray noPast;
  private final NDArray noMask;
  private final NDArray numbers;
  private final List<NDArray> kernelWeights;
  private final Activations activations;

  /** What becomes of the weights before a pass reads them. */
  private enum Preparation {
    NONE,
    CAST,
    PACKED
  }

  private Transformer(
      BackboneConfig config,
      Weights weights,
      Precision precision,
      Preparation preparation,
      Activations activations) {
    this.config = config;
    this.activations = activations;
    this.precision = precision;
    this.weights = weights;
    this.scope = TensorScope.open();
    this.kernels = Kernels.load(Transformer.class);
    this.keyValueKernels = Kernels.load(KeyValues.class);
    this.masks = new TrainingMasks(scope);
    this.rotary = new RotaryCache(config, scope);
    this.noPast = scope.manager().zeros(new Shape(1, 2, 1, 0, 1), DataType.FLOAT32);
    this.noMask = scope.floats(new float[0]);
    this.numbers = scope.manager().create(new double[] {config.normEpsilon()});
    this.kernelWeights =
        switch (preparation) {
          case NONE -> weights.inKernelOrder();
          case CAST -> CastWeights.of(config, weights, precision, kernels, scope);
          case PACKED -> PackedWeights.of(config, weights, precision, kernels, scope);
        };
  }

  /** As the other, with its activations kept. */
  public static Transformer forTraining(
      BackboneConfig config, Weights weights, Precision precision) {
    return forTraining(config, weights, precision, Activations.KEPT);
  }

  /**
   * A transformer whose weights change under it; matrices are cast in every pass.
   *
   * @param weights float32, owned by the transformer from now on
   * @param activations what {@link #differentiate} holds
   */
  public static Transformer forTraining(
      BackboneConfig config, Weights weights, Precision precision, Activations activations) {
    if (precision.isWhole()) {
      throw new IllegalArgumentException("precision int8 is for decoding; train in f32 or bf16");
    }
    weights.requireGradients();
    return new Transformer(config, weights, precision, Preparation.NONE, activations);
  }

  /**
   * A transformer whose weights stay as they are; matrices are cast and packed once.
   *
   * @param weights float32, owned by the transformer from now on
   */
  public static Transformer forDecoding(
      BackboneConfig config, Weights weights, Precision precision) {
    return new Transformer(config, weights, precision, Preparation.PACKED, Activations.KEPT);
  }

  /**
   * As {@link #forDecoding}, with every matrix as PyTorch's own products read it: slower, and what
   * packed matrices are compared with.
   */
  static Transformer unpacked(BackboneConfig config, Weights weights, Precision precision) {
    return new Transformer(config, weights, precision, Preparation.CAST, Activations.KEPT);
  }

  @Override
  public BackboneConfig config() {
    return config;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public Weights weights() {
    return weights;
  }

  @Override
  public ForwardPass forward(
      int[] ids, int[] positions, @Nullable KeyValues past, AttentionLayout attention, int[] rows) {
    ForwardTokens.check(config, ids, positions, rows);
    rotary.reach(positions);
    int pastLength = past == null ? 0 : past.length();
    float[] mask = AttentionMask.among(attention, positions, pastLength);
    TensorScope passScope = TensorScope.open();
    try (TensorScope inputs = scope.child()) {
      Object[] arguments = {
        inputs.longs(ids),
        inputs.longs(positions),
        rotary.cos(),
        rotary.sin(),
        past == null ? noPast : past.memory(),
        pastLength,
        mask.length == 0 ? noMask : inputs.floats(mask, ids.length, mask.length / ids.length),
        inputs.longs(rows),
        kernelWeights,
        config.heads(),
        config.keyValueHeads(),
        config.normEpsilon(),
        precision.scalarType(),
        Processor.decodedInTwo()
      };
      NDList results = run(passScope, arguments);
      KeyValues fresh =
          new KeyValues(keyValueKernels, TensorScope.open(), results.get(1), ids.length);
      return new ForwardPass(passScope, results.get(0), fresh);
    } catch (RuntimeException e) {
      passScope.close();
      throw e;
    }
  }

  private NDList run(TensorScope passScope, Object[] arguments) {
    if (!precision.isIndependentOfThreads()) {
      return kernels.call(passScope, "forward", arguments);
    }
    try (SharedCores cores = SharedCores.enter()) {
      return kernels.call(passScope, "forward", arguments);
    }
  }

  @Override
  public Loss differentiate(ScoredBatch batch) {
    try (TensorScope once = scope.child()) {
      PassArguments arguments = arguments(once, batch, kernelWeights);
      return loss(
          switch (activations) {
            case KEPT -> kernels.differentiate(once, "loss", arguments.ofLoss());
            case RECOMPUTED ->
                new LayerwiseGradients(kernels, config.layers()).add(once, arguments);
          });
    }
  }

  @Override
  public Loss evaluate(ScoredBatch batch, Weights other) {
    try (TensorScope once = scope.child()) {
      return loss(
          kernels.call(once, "loss", arguments(once, batch, other.inKernelOrder()).ofLoss()));
    }
  }

  @Override
  public void replaceEmbedding(int id, float[] values) {
    try (TensorScope once = scope.child()) {
      kernels.call(once, "replace_row", weights.present().getFirst(), once.floats(values), id);
    }
  }

  private static Loss loss(NDList results) {
    return new Loss(results.get(0).getFloat(), results.get(1).toFloatArray());
  }

  private PassArguments arguments(
      TensorScope once, ScoredBatch batch, List<NDArray> networkWeights) {
    if (!(batch.criterion() instanceof Criterion.CrossEntropy)) {
      throw new IllegalArgumentException(
          "a network that is not told the noise level learns cross-entropies only, not "
              + batch.criterion());
    }
    rotary.reach(batch.positions());
    return new PassArguments(
        once.longs(batch.ids(), batch.sequences(), batch.columns()),
        batch.hasOwnPositions()
            ? once.longs(batch.positions(), batch.sequences(), batch.columns())
            : once.longs(batch.positions()),
        rotary.cos(),
        rotary.sin(),
        settings(once, batch.layout()),
        numbers,
        once.longs(batch.rows()),
        once.longs(batch.targets()),
        once.floats(batch.weights()),
        networkWeights,
        masks.of(once, batch.layout(), batch.columns()));
  }

  /** The kernel reads these on the host whatever device computes. */
  private NDArray settings(TensorScope once, AttentionLayout layout) {
    long[] values = {
      config.heads(),
      config.keyValueHeads(),
      TrainingMasks.code(layout),
      precision.scalarType(),
      config.vocabulary().scoredColumns(),
      Processor.trainedInTwo()
    };
    return once.manager().newSubManager(Device.cpu()).create(values);
  }

  @Override
  public void close() {
    scope.close();
    kernels.close();
    keyValueKernels.close();
    weights.close();
  }
}
