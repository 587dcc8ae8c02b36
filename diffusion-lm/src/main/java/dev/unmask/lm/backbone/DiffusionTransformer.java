package dev.unmask.lm.backbone;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
import dev.unmask.lm.attention.AttentionMask;
import dev.unmask.lm.backbone.Criterion.CrossEntropy;
import dev.unmask.lm.backbone.Criterion.ScoreEntropy;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.TensorScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The transformer that is told the noise level (DiT, arXiv:2212.09748): the network of SEDD, MDLM
 * and BD3-LM, for training and for decoding. Engine thread only.
 *
 * <p>The kernels are in {@code DiffusionTransformer.torchscript.py}.
 */
public final class DiffusionTransformer implements TrainableBackbone {
  private final BackboneConfig config;
  private final Precision precision;
  private final Weights weights;
  private final TensorScope scope;
  private final Kernels kernels;
  private final Kernels keyValueKernels;
  private final Map<AttentionLayout, NDArray> masks = new HashMap<>();
  private final NDArray cos;
  private final NDArray sin;
  private final NDArray noPast;
  private final NDArray noMask;
  private final NDArray numbers;
  private final List<NDArray> kernelWeights;

  private DiffusionTransformer(
      BackboneConfig config, Weights weights, Precision precision, boolean castOnce) {
    if (precision.isWhole()) {
      throw new IllegalArgumentException(
          "precision int8 is for networks that are not told the noise level; take auto, f32 or"
              + " bf16 for this one");
    }
    this.config = config;
    this.precision = precision;
    this.weights = weights;
    this.scope = TensorScope.open();
    this.kernels = Kernels.load(DiffusionTransformer.class);
    this.keyValueKernels = Kernels.load(KeyValues.class);
    RotaryTable table = RotaryTable.of(config.rotary(), config.headWidth(), config.contextLength());
    this.cos = scope.floats(table.cos(), config.contextLength(), config.headWidth());
    this.sin = scope.floats(table.sin(), config.contextLength(), config.headWidth());
    this.noPast = scope.manager().zeros(new Shape(1, 2, 1, 0, 1), DataType.FLOAT32);
    this.noMask = scope.floats(new float[0]);
    this.numbers = scope.manager().create(new double[] {config.normEpsilon()});
    this.kernelWeights =
        castOnce
            ? CastWeights.of(config, weights, precision, kernels, scope)
            : weights.inKernelOrder();
  }

  /**
   * A network whose weights change under it; matrices are cast in every pass.
   *
   * @param weights float32, owned by the network from now on
   */
  public static DiffusionTransformer forTraining(
      BackboneConfig config, Weights weights, Precision precision) {
    weights.requireGradients();
    return new DiffusionTransformer(config, weights, precision, false);
  }

  /**
   * A network whose weights stay as they are; matrices are cast once.
   *
   * @param weights float32, owned by the network from now on
   */
  public static DiffusionTransformer forDecoding(
      BackboneConfig config, Weights weights, Precision precision) {
    return new DiffusionTransformer(config, weights, precision, true);
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

  /** As the other, told that the noise level is zero. */
  @Override
  public ForwardPass forward(
      int[] ids, int[] positions, @Nullable KeyValues past, AttentionLayout attention, int[] rows) {
    return forward(ids, positions, past, attention, rows, 0);
  }

  /**
   * One forward pass over N tokens of one sequence at a noise level.
   *
   * @param totalNoise integral of the noise rate up to the sequence's time; a network whose {@link
   *     NoiseConditioning} is not active takes zero instead
   */
  public ForwardPass forward(
      int[] ids,
      int[] positions,
      @Nullable KeyValues past,
      AttentionLayout attention,
      int[] rows,
      double totalNoise) {
    ForwardTokens.check(config, ids, positions, rows);
    int pastLength = past == null ? 0 : past.length();
    float[] mask = AttentionMask.among(attention, positions, pastLength);
    TensorScope passScope = TensorScope.open();
    try (TensorScope inputs = scope.child()) {
      NDList results =
          kernels.call(
              passScope,
              "forward",
              inputs.longs(ids),
              inputs.longs(positions),
              cos,
              sin,
              features(inputs, totalNoise),
              past == null ? noPast : past.memory(),
              pastLength,
              mask.length == 0 ? noMask : inputs.floats(mask, ids.length, mask.length / ids.length),
              inputs.longs(rows),
              kernelWeights,
              config.heads(),
              config.normEpsilon(),
              precision.scalarType());
      KeyValues fresh =
          new KeyValues(keyValueKernels, TensorScope.open(), results.get(1), ids.length);
      return new ForwardPass(passScope, results.get(0), fresh);
    } catch (RuntimeException e) {
      passScope.close();
      throw e;
    }
  }

  private NDArray features(TensorScope inputs, double... totalNoise) {
    double[] told = config.conditioning().active() ? totalNoise : new double[totalNoise.length];
    return inputs.floats(NoiseFeatures.of(told), told.length, NoiseFeatures.COUNT);
  }

  @Override
  public Loss differentiate(ScoredBatch batch) {
    try (TensorScope once = scope.child()) {
      return loss(kernels.differentiate(once, "loss", lossArguments(once, batch, kernelWeights)));
    }
  }

  @Override
  public Loss evaluate(ScoredBatch batch, Weights other) {
    try (TensorScope once = scope.child()) {
      return loss(kernels.call(once, "loss", lossArguments(once, batch, other.inKernelOrder())));
    }
  }

  @Override
  public void replaceEmbedding(int id, float[] values) {
    try (TensorScope once = scope.child()) {
      kernels.call(once, "replace_row", weights.present().getFirst(), once.floats(values), id);
    }
  }

  private static Loss loss(NDList results) {
    return new Loss(results.get(0).getDouble(), results.get(1).toFloatArray());
  }

  /** Logits of the scored rows of a batch, {@code [rows][V]}; without the mask token's column. */
  public float[][] logits(ScoredBatch batch) {
    try (TensorScope once = scope.child()) {
      Object[] arguments = networkArguments(once, batch, kernelWeights).toArray();
      NDArray logits = kernels.call(once, "batch_logits", arguments).get(0);
      int float32 = Precision.F32.scalarType();
      return ForwardPass.toHost(kernels.call(once, "cast", logits, float32).get(0));
    }
  }

  private Object[] lossArguments(
      TensorScope once, ScoredBatch batch, List<NDArray> networkWeights) {
    List<Object> arguments = networkArguments(once, batch, networkWeights);
    arguments.add(once.manager().create(noiseOfRows(batch, scoredColumns(batch))));
    arguments.add(once.longs(batch.targets()));
    arguments.add(once.floats(batch.weights()));
    return arguments.toArray();
  }

  private List<Object> networkArguments(
      TensorScope once, ScoredBatch batch, List<NDArray> networkWeights) {
    int columns = batch.positions().length;
    return new ArrayList<>(
        List.of(
            once.longs(batch.ids(), batch.sequences(), columns),
            once.longs(batch.positions()),
            cos,
            sin,
            settings(once, batch.criterion(), scoredColumns(batch)),
            numbers,
            features(once, batch.totalNoise()),
            mask(batch.layout(), columns),
            once.longs(batch.rows()),
            networkWeights));
  }

  private static int scoredColumns(ScoredBatch batch) {
    return batch.layout() instanceof NoisyThenClean halves
        ? halves.length()
        : batch.positions().length;
  }

  private static double[] noiseOfRows(ScoredBatch batch, int scored) {
    return IntStream.of(batch.rows())
        .mapToDouble(row -> batch.totalNoise()[row / scored])
        .toArray();
  }

  /** The kernel reads these on the host whatever device computes. */
  private NDArray settings(TensorScope once, Criterion criterion, int scored) {
    long[] values = {
      config.heads(), precision.scalarType(), headColumns(criterion), code(criterion), scored
    };
    return once.manager().newSubManager(Device.cpu()).create(values);
  }

  private static int code(Criterion criterion) {
    return switch (criterion) {
      case CrossEntropy ignored -> 0;
      case ScoreEntropy(boolean absorbing, boolean scaled) ->
          (absorbing ? 1 : 2) + (scaled ? 4 : 0);
    };
  }

  /** The mask token is never a target: its column, the last, stays out of the softmax. */
  private int headColumns(Criterion criterion) {
    boolean leaveOut =
        criterion instanceof CrossEntropy && config.maskId() == config.vocabularySize() - 1;
    return leaveOut ? config.maskId() : config.vocabularySize();
  }

  private NDArray mask(AttentionLayout layout, int columns) {
    if (layout instanceof AttentionLayout.Full) {
      return noMask;
    }
    return masks.computeIfAbsent(
        layout,
        asked -> {
          int[] all = IntStream.range(0, columns).toArray();
          return scope.floats(AttentionMask.between(asked, all, all), columns, columns);
        });
  }

  @Override
  public void close() {
    scope.close();
    kernels.close();
    keyValueKernels.close();
    weights.close();
  }
}
