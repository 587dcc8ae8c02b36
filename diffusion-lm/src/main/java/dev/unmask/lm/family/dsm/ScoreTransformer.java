package dev.unmask.lm.family.dsm;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.unmask.lm.backbone.Parameter;
import dev.unmask.lm.backbone.RotaryPositions;
import dev.unmask.lm.backbone.RotaryTable;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.TensorScope;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The score network of text: from noisy embeddings and a time to probabilities of tokens, expected
 * embeddings, and by them the score. Computes in float32. Engine thread only.
 *
 * <p>The kernels are in {@code ScoreTransformer.torchscript.py}.
 */
public final class ScoreTransformer implements AutoCloseable {
  private static final double DEVIATION = 0.02;
  private static final double TIME_SCALE = 1000;
  private static final double LONGEST_PERIOD = 10_000;
  private static final double ROTARY_BASE = 10_000;

  private final DsmConfig config;
  private final Weights weights;
  private final TensorScope scope = TensorScope.open();
  private final Kernels kernels = Kernels.load(ScoreTransformer.class);
  private final NDArray cos;
  private final NDArray sin;

  private ScoreTransformer(DsmConfig config, Weights weights) {
    this.config = config;
    this.weights = weights;
    int headWidth = config.width() / config.heads();
    RotaryTable table =
        RotaryTable.of(RotaryPositions.of(ROTARY_BASE), headWidth, config.contextLength());
    this.cos = scope.floats(table.cos(), config.contextLength(), headWidth);
    this.sin = scope.floats(table.sin(), config.contextLength(), headWidth);
  }

  /** A network with fresh weights that can be trained. */
  public static ScoreTransformer random(DsmConfig config, long seed) {
    KeyedRandom random = KeyedRandom.of(seed).split("weights");
    Weights weights =
        Weights.create(
            config.parameters(), parameter -> initial(parameter, random.split(parameter.name())));
    return forTraining(config, weights);
  }

  /**
   * A network whose weights change under it.
   *
   * @param weights owned by the network from now on
   */
  static ScoreTransformer forTraining(DsmConfig config, Weights weights) {
    weights.requireGradients();
    return new ScoreTransformer(config, weights);
  }

  /**
   * Embeddings start at length one a coordinate, as they are used, and everything else small.
   * Positions start at nothing: what is learned first is how far tokens are from each other, which
   * the rotary positions tell.
   */
  private static float[] initial(Parameter parameter, KeyedRandom random) {
    int size = (int) Arrays.stream(parameter.dimensions()).reduce(1, (a, b) -> a * b);
    double deviation =
        switch (parameter.name()) {
          case "embeddings" -> 1;
          case "positions" -> 0;
          default -> DEVIATION;
        };
    float[] values = new float[size];
    switch (parameter.role()) {
      case GAIN -> Arrays.fill(values, 1);
      case EMBEDDING, MATRIX, RESIDUAL_MATRIX -> {
        for (int i = 0; i < size; i++) {
          values[i] = (float) (deviation * random.gaussian(i));
        }
      }
      case ZERO_MATRIX, NORM_BIAS, BIAS, ABSENT -> {}
    }
    return values;
  }

  /**
   * The network of a weights file.
   *
   * @throws dev.unmask.lm.checkpoint.SafetensorsException if a tensor is missing
   */
  public static ScoreTransformer read(DsmConfig config, Safetensors file) {
    return new ScoreTransformer(config, weights(config, file, ""));
  }

  /** The tensors of a file whose names are behind {@code prefix}. */
  static Weights weights(DsmConfig config, Safetensors file, String prefix) {
    return Weights.create(
        config.parameters(),
        parameter -> {
          String name = prefix + parameter.name();
          List<Long> shape = Arrays.stream(parameter.dimensions()).boxed().toList();
          if (!file.info(name).shape().equals(shape)) {
            throw new IllegalArgumentException(
                "%s: tensor %s should have shape %s, has %s"
                    .formatted(file.file(), name, shape, file.info(name).shape()));
          }
          return file.floats(name);
        });
  }

  public DsmConfig config() {
    return config;
  }

  /** The float32 weights; still owned by the network. */
  public Weights weights() {
    return weights;
  }

  /**
   * @param total what is differentiated
   * @param score weighted squared error of the score per coordinate
   * @param rounding cross-entropy of the tokens in nats per token
   */
  public record Loss(double total, double score, double rounding) {}

  /** The loss of a batch, its gradients added to those of the weights. */
  Loss differentiate(ScoredText batch) {
    try (TensorScope once = scope.child()) {
      return loss(kernels.differentiate(once, "loss", arguments(once, batch, weights)));
    }
  }

  /** The loss of a batch under other weights of the same shape, without gradients. */
  Loss evaluate(ScoredText batch, Weights other) {
    try (TensorScope once = scope.child()) {
      return loss(kernels.call(once, "loss", arguments(once, batch, other)));
    }
  }

  private static Loss loss(NDList results) {
    return new Loss(
        results.get(0).getFloat(), results.get(1).getFloat(), results.get(2).getFloat());
  }

  private Object[] arguments(TensorScope once, ScoredText batch, Weights used) {
    int sequences = batch.tokens().length;
    int length = batch.tokens()[0].length;
    int[] ids = Arrays.stream(batch.tokens()).flatMapToInt(Arrays::stream).toArray();
    return new Object[] {
      once.longs(ids, sequences, length),
      once.floats(batch.noise(), sequences, length, config.coordinates()),
      given(once, batch.given()),
      each(once, batch.tokenTimes(), config.process()::alpha),
      each(once, batch.tokenTimes(), config.process()::sigma),
      once.floats(waves(batch.times()), sequences, DsmConfig.WAVES),
      each(once, batch.weights(), weight -> weight),
      cos,
      sin,
      onHost(once, config.heads()),
      once.manager().newSubManager(Device.cpu()).create(new double[] {batch.rounding()}),
      used.present()
    };
  }

  private static NDArray onHost(TensorScope once, long value) {
    return once.manager().newSubManager(Device.cpu()).create(new long[] {value});
  }

  private static NDArray given(TensorScope once, boolean[][] given) {
    int length = given[0].length;
    float[] marks = new float[given.length * length];
    for (int i = 0; i < marks.length; i++) {
      marks[i] = given[i / length][i % length] ? 1 : 0;
    }
    return once.floats(marks, given.length, length, 1);
  }

  /** A function of every number, {@code [B, L, 1]}. */
  private static NDArray each(TensorScope once, double[][] rows, DoubleUnaryOperator function) {
    int length = rows[0].length;
    float[] values = new float[rows.length * length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) function.applyAsDouble(rows[i / length][i % length]);
    }
    return once.floats(values, rows.length, length, 1);
  }

  private static float[] waves(double... times) {
    int half = DsmConfig.WAVES / 2;
    float[] waves = new float[times.length * DsmConfig.WAVES];
    for (int row = 0; row < times.length; row++) {
      for (int i = 0; i < half; i++) {
        double angle = TIME_SCALE * times[row] * Math.pow(LONGEST_PERIOD, -(double) i / half);
        waves[row * DsmConfig.WAVES + i] = (float) Math.cos(angle);
        waves[row * DsmConfig.WAVES + half + i] = (float) Math.sin(angle);
      }
    }
    return waves;
  }

  /**
   * What the network makes of one noisy sequence.
   *
   * @param clean expected embeddings, row-major {@code [L, E]}
   * @param tokens the most probable ones
   * @param probabilities of those
   */
  public record Denoised(double[] clean, int[] tokens, double[] probabilities) {}

  /**
   * One forward pass over one sequence.
   *
   * @param x noisy embeddings, row-major {@code [L, E]}; clean ones where {@code given}
   * @param t time of the sequence
   * @param times of its tokens, {@code [L]}
   * @param forbidden token taken to be impossible, none if negative
   */
  public Denoised denoise(double[] x, boolean[] given, double t, double[] times, int forbidden) {
    try (TensorScope once = scope.child()) {
      float[] narrow = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        narrow[i] = (float) x[i];
      }
      NDArray noisy =
          once.manager().create(narrow, new Shape(1, given.length, config.coordinates()));
      NDList results =
          kernels.call(
              once,
              "denoise",
              noisy,
              given(once, new boolean[][] {given}),
              each(once, new double[][] {times}, config.process()::alpha),
              each(once, new double[][] {times}, config.process()::sigma),
              once.floats(waves(t), 1, DsmConfig.WAVES),
              cos,
              sin,
              config.heads(),
              forbidden,
              weights.present());
      return new Denoised(
          wide(results.get(0).toFloatArray()),
          Arrays.stream(results.get(1).toLongArray()).mapToInt(Math::toIntExact).toArray(),
          wide(results.get(2).toFloatArray()));
    }
  }

  /** Clean embeddings of tokens, row-major {@code [L, E]}. */
  public double[] embed(int[] ids) {
    try (TensorScope once = scope.child()) {
      NDArray rows = kernels.call(once, "embed", once.longs(ids), weights.present()).get(0);
      return wide(rows.toFloatArray());
    }
  }

  /** The score of a sequence all of whose tokens have the same time and none is given. */
  public ScoreFunction score() {
    return (x, t) -> {
      boolean[] none = new boolean[x.length / config.coordinates()];
      double[] times = new double[none.length];
      Arrays.fill(times, t);
      return config.process().score(x, denoise(x, none, t, times, -1).clean(), t);
    };
  }

  private static double[] wide(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  @Override
  public void close() {
    scope.close();
    kernels.close();
    weights.close();
  }
}
