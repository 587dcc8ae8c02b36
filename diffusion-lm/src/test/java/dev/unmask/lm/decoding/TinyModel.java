package dev.unmask.lm.decoding;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import dev.unmask.lm.backbone.Parameter;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A random network with weights large enough that its predictions are opinionated, which counts its
 * forward passes.
 */
public final class TinyModel implements Backbone {
  public static final int VOCABULARY = 24;

  private final Backbone network;
  private int forwards;

  private TinyModel(Backbone network) {
    this.network = network;
  }

  /** Full attention for block size 0, block-causal otherwise. */
  public static TinyModel random(long seed, int blockSize) {
    return of(config(blockSize), seed, false);
  }

  /** Block-causal, every position predicted by the row to its left. */
  public static TinyModel shifted(long seed, int blockSize) {
    BackboneConfig config = config(blockSize);
    return of(config.decodingBy(config.decoding().shifted()), seed, false);
  }

  /** A network whose attention adds nothing: what it predicts at a position depends on no other. */
  public static TinyModel positionWise(long seed) {
    return of(config(0), seed, true);
  }

  /** Likes the mask id best everywhere (head bias). */
  public static TinyModel inLoveWithTheMask(long seed) {
    return of(BackboneConfig.radd(VOCABULARY, 2, 16, 2, 96), seed, false);
  }

  private static BackboneConfig config(int blockSize) {
    return BackboneConfig.llama(VOCABULARY, 2, 16, 2, 24, 96, blockSize);
  }

  private static TinyModel of(BackboneConfig config, long seed, boolean positionWise) {
    KeyedRandom random = KeyedRandom.of(seed);
    Weights weights = Weights.create(config, parameter -> values(parameter, random, positionWise));
    return new TinyModel(Transformer.forDecoding(config, weights, Precision.F64));
  }

  private static float[] values(Parameter parameter, KeyedRandom random, boolean positionWise) {
    float[] values = new float[elements(parameter)];
    switch (parameter.role()) {
      case EMBEDDING -> fill(values, random.split(parameter.name()), 0.8);
      case MATRIX -> fill(values, random.split(parameter.name()), 0.5);
      case RESIDUAL_MATRIX -> {
        boolean attention = parameter.name().contains("o_proj");
        fill(values, random.split(parameter.name()), positionWise && attention ? 0 : 0.5);
      }
      case GAIN -> Arrays.fill(values, 1);
      case NORM_BIAS, ABSENT -> {}
      case BIAS -> {
        if (values.length == VOCABULARY) {
          values[VOCABULARY - 1] = 50;
        }
      }
    }
    return values;
  }

  private static int elements(Parameter parameter) {
    return parameter.pieces().stream()
        .mapToInt(
            piece ->
                (int) piece.shape().stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b))
        .sum();
  }

  private static void fill(float[] values, KeyedRandom random, double deviation) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.gaussian(i));
    }
  }

  /** Forward passes so far. */
  public int forwards() {
    return forwards;
  }

  @Override
  public BackboneConfig config() {
    return network.config();
  }

  @Override
  public Precision precision() {
    return network.precision();
  }

  @Override
  public ForwardPass forward(
      int[] ids, int[] positions, @Nullable KeyValues past, AttentionLayout attention, int[] rows) {
    forwards++;
    return network.forward(ids, positions, past, attention, rows);
  }

  @Override
  public void close() {
    network.close();
  }
}
