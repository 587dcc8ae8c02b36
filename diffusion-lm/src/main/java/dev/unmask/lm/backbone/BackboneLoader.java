package dev.unmask.lm.backbone;

import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionCalibration.Product;
import dev.unmask.lm.torch.PrecisionCalibration.Use;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.List;

/** Opens a model directory for decoding. */
public final class BackboneLoader {
  private static final int BLOCK_ROWS = 8;
  private static final int FULL_ATTENTION_ROWS = 2048;

  private BackboneLoader() {}

  /**
   * @param directory holds {@code config.json} and {@code model.safetensors}; written by this
   *     library or a published RADD checkpoint
   * @throws IllegalArgumentException if the configuration or the weights do not fit, naming what
   */
  public static Transformer load(Path directory, PrecisionChoice choice) {
    if (open(directory, choice) instanceof Transformer transformer) {
      return transformer;
    }
    throw new IllegalArgumentException(directory + " holds a network that is told the noise level");
  }

  /** As {@link #load}, also of a network that is told the noise level. */
  public static Backbone open(Path directory, PrecisionChoice choice) {
    ModelDirectory model = ModelDirectory.at(directory);
    return open(model, config(model), choice);
  }

  /** The network of a model directory whose configuration a family has read. */
  public static Backbone open(ModelDirectory model, BackboneConfig config, PrecisionChoice choice) {
    try (TensorSource file = model.openTensors()) {
      Weights weights = Weights.read(config, file);
      int rows =
          config.blockSize() == 0
              ? Math.min(config.contextLength(), FULL_ATTENTION_ROWS)
              : 4 * BLOCK_ROWS;
      return of(
          config,
          weights,
          PrecisionCalibration.resolve(choice, products(config, rows), Use.DECODING));
    }
  }

  /** The weights of a model directory whose configuration a family has read. */
  public static Weights weights(ModelDirectory model, BackboneConfig config) {
    try (TensorSource file = model.openTensors()) {
      return config.conditioning().present()
          ? DitLoader.weights(config, file)
          : Weights.read(config, file);
    }
  }

  /** The network of a configuration for decoding, weights owned by it from now on. */
  public static Backbone of(BackboneConfig config, Weights weights, Precision precision) {
    return config.conditioning().present()
        ? DiffusionTransformer.forDecoding(config, weights, precision)
        : Transformer.forDecoding(config, weights, precision);
  }

  /** The configuration in a model directory, in this library's form or RADD's. */
  public static BackboneConfig config(ModelDirectory model) {
    return RaddLoader.recognises(model.config())
        ? RaddLoader.config(model.config())
        : BackboneConfigJson.read(model.config());
  }

  /** The matrix products of one layer and the vocabulary over {@code rows} tokens. */
  public static List<Product> products(BackboneConfig config, int rows) {
    int width = config.width();
    int queries = config.attention().queryWidth();
    int keyValues = 2 * config.attention().keyWidth();
    int up = config.activation() == BackboneConfig.Activation.SWIGLU ? 2 : 1;
    return List.of(
        new Product(rows, width, queries + keyValues),
        new Product(rows, queries, width),
        new Product(rows, width, up * config.feedForward()),
        new Product(rows, config.feedForward(), width),
        new Product(rows, width, config.vocabularySize()));
  }
}
