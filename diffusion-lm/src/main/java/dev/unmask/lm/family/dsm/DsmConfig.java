package dev.unmask.lm.family.dsm;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.Parameter;
import dev.unmask.lm.backbone.Parameter.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * Shape of a score network of text and the process that it undoes.
 *
 * @param vocabularySize tokens and the mask token, which is the last id and never seen
 * @param coordinates of a token's embedding, E
 * @param width D, a multiple of twice the heads
 * @param feedForward inner width of the feed-forward network
 * @param contextLength tokens of a sequence at most
 * @param clocks when the tokens of a sequence go through the process
 */
public record DsmConfig(
    int vocabularySize,
    int coordinates,
    int layers,
    int width,
    int heads,
    int feedForward,
    int contextLength,
    GaussianProcess process,
    TokenClocks clocks) {
  static final String MODEL_TYPE = "dsm";
  static final int WAVES = 256;

  public DsmConfig {
    boolean fits =
        vocabularySize >= 2
            && coordinates >= 1
            && layers >= 1
            && heads >= 1
            && width >= heads
            && width % (2 * heads) == 0
            && feedForward >= 1
            && contextLength >= 1;
    if (!fits) {
      throw new IllegalArgumentException(
          "needs positive sizes and a width that is a multiple of twice the heads, was vocabulary %d, coordinates %d, layers %d, width %d, heads %d, feed-forward %d, context %d"
              .formatted(
                  vocabularySize, coordinates, layers, width, heads, feedForward, contextLength));
    }
  }

  /** The shape in a {@code config.json}. */
  static DsmConfig read(JsonObject json) {
    return new DsmConfig(
        number(json, "vocab_size"),
        number(json, "coordinates"),
        number(json, "layers"),
        number(json, "width"),
        number(json, "heads"),
        number(json, "feed_forward"),
        number(json, "context_length"),
        process(json),
        clocks(json));
  }

  private static int number(JsonObject json, String field) {
    if (!json.has(field)) {
      throw new IllegalArgumentException("config.json of a score network needs " + field);
    }
    return json.get(field).getAsInt();
  }

  private static TokenClocks clocks(JsonObject json) {
    if (!json.has("clock_window")) {
      throw new IllegalArgumentException(
          "config.json of a score network needs clock_window: networks of earlier builds have"
              + " other weights and have to be trained anew");
    }
    return new TokenClocks(json.get("clock_window").getAsDouble());
  }

  private static GaussianProcess process(JsonObject json) {
    double first = json.get("process_first").getAsDouble();
    double last = json.get("process_last").getAsDouble();
    String name = json.get("process").getAsString();
    return switch (name) {
      case "variance_exploding" -> new GaussianProcess.VarianceExploding(first, last);
      case "variance_preserving" -> new GaussianProcess.VariancePreserving(first, last);
      default -> throw new IllegalArgumentException("process is not known: " + name);
    };
  }

  /** As {@code config.json}. */
  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("model_type", MODEL_TYPE);
    json.addProperty("vocab_size", vocabularySize);
    json.addProperty("coordinates", coordinates);
    json.addProperty("layers", layers);
    json.addProperty("width", width);
    json.addProperty("heads", heads);
    json.addProperty("feed_forward", feedForward);
    json.addProperty("context_length", contextLength);
    switch (process) {
      case GaussianProcess.VarianceExploding(double least, double most) ->
          put(json, "variance_exploding", least, most);
      case GaussianProcess.VariancePreserving(double first, double last) ->
          put(json, "variance_preserving", first, last);
    }
    json.addProperty("clock_window", clocks.window());
    return json;
  }

  private static void put(JsonObject json, String process, double first, double last) {
    json.addProperty("process", process);
    json.addProperty("process_first", first);
    json.addProperty("process_last", last);
  }

  /** Tokens that have an embedding. */
  int tokens() {
    return vocabularySize - 1;
  }

  int maskId() {
    return vocabularySize - 1;
  }

  /** What planning a canvas needs to know: ids and length. */
  BackboneConfig canvasShape() {
    return BackboneConfig.llama(vocabularySize, 1, 2, 1, 2, contextLength, 0);
  }

  /** The weights in the order of the kernels. */
  List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    all.add(Parameter.of("embeddings", Role.EMBEDDING, tokens(), coordinates));
    all.add(Parameter.of("input.weight", Role.MATRIX, width, tokens()));
    all.add(Parameter.of("input.bias", Role.BIAS, width));
    all.add(Parameter.of("positions", Role.EMBEDDING, contextLength, width));
    all.add(Parameter.of("given", Role.BIAS, width));
    all.add(Parameter.of("noise.0.weight", Role.MATRIX, width, WAVES));
    all.add(Parameter.of("noise.0.bias", Role.BIAS, width));
    all.add(Parameter.of("noise.2.weight", Role.MATRIX, width, width));
    all.add(Parameter.of("noise.2.bias", Role.BIAS, width));
    for (int layer = 0; layer < layers; layer++) {
      addLayer(all, "layers." + layer + ".");
    }
    all.add(Parameter.of("norm.weight", Role.GAIN, width));
    all.add(Parameter.of("norm.bias", Role.BIAS, width));
    all.add(Parameter.of("head.weight", Role.MATRIX, tokens(), width));
    all.add(Parameter.of("head.bias", Role.BIAS, tokens()));
    return all;
  }

  private void addLayer(List<Parameter> all, String prefix) {
    all.add(Parameter.of(prefix + "norm1.weight", Role.GAIN, width));
    all.add(Parameter.of(prefix + "norm1.bias", Role.BIAS, width));
    all.add(Parameter.of(prefix + "qkv.weight", Role.MATRIX, 3L * width, width));
    all.add(Parameter.of(prefix + "out.weight", Role.RESIDUAL_MATRIX, width, width));
    all.add(Parameter.of(prefix + "norm2.weight", Role.GAIN, width));
    all.add(Parameter.of(prefix + "norm2.bias", Role.BIAS, width));
    all.add(Parameter.of(prefix + "up.weight", Role.MATRIX, feedForward, width));
    all.add(Parameter.of(prefix + "up.bias", Role.BIAS, feedForward));
    all.add(Parameter.of(prefix + "down.weight", Role.RESIDUAL_MATRIX, width, feedForward));
    all.add(Parameter.of(prefix + "down.bias", Role.BIAS, width));
  }
}
