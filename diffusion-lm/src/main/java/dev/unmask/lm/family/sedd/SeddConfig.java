package dev.unmask.lm.family.sedd;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.NoiseConditioning;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.corruption.TokenGraph;

/**
 * What the {@code config.json} of a published SEDD checkpoint says.
 *
 * @param backbone shape of the network; without a mask token under the uniform graph
 * @param graph which token turns into which
 * @param schedule how fast
 * @param scaledByNoise whether the noise is taken off the logits
 */
record SeddConfig(
    BackboneConfig backbone, TokenGraph graph, NoiseSchedule schedule, boolean scaledByNoise) {
  private static final String TYPE = "ddit";

  static boolean recognises(JsonObject json) {
    return json.has("tokens")
        && json.has("graph")
        && json.has("model")
        && json.get("model").isJsonObject()
        && json.getAsJsonObject("model").has("type")
        && json.getAsJsonObject("model").get("type").getAsString().equals(TYPE);
  }

  /**
   * @throws IllegalArgumentException naming what is missing or not known
   */
  static SeddConfig read(JsonObject json) {
    if (BackboneConfigJson.isOwn(json)) {
      return own(json);
    }
    JsonObject model = section(json, "model");
    int tokens = BackboneConfigJson.integer(json, "tokens");
    TokenGraph graph = graph(section(json, "graph"), tokens);
    boolean absorbing = graph instanceof TokenGraph.Absorbing;
    BackboneConfig backbone =
        BackboneConfig.dit(
            graph.states(),
            absorbing ? tokens : BackboneConfig.NO_MASK,
            BackboneConfigJson.integer(model, "n_blocks"),
            BackboneConfigJson.integer(model, "hidden_size"),
            BackboneConfigJson.integer(model, "n_heads"),
            BackboneConfigJson.integer(model, "length"),
            new NoiseConditioning(BackboneConfigJson.integer(model, "cond_dim"), true));
    return new SeddConfig(
        backbone,
        graph,
        schedule(section(json, "noise")),
        BackboneConfigJson.flag(model, "scale_by_sigma"));
  }

  private static SeddConfig own(JsonObject json) {
    BackboneConfig backbone = BackboneConfigJson.read(json);
    int tokens = backbone.vocabularySize() - (backbone.vocabulary().hasMask() ? 1 : 0);
    return new SeddConfig(
        backbone,
        graph(section(json, "graph"), tokens),
        schedule(section(json, "noise")),
        BackboneConfigJson.flag(json, "scale_by_sigma"));
  }

  /** The training loss of the checkpoint. */
  ScoreEntropy objective() {
    return new ScoreEntropy(graph, schedule, scaledByNoise);
  }

  /** As {@link TokenGraph#logScore}. */
  double[] logScore(double[] logits, int current, double totalNoise) {
    return graph.logScore(logits, current, totalNoise, scaledByNoise);
  }

  private static TokenGraph graph(JsonObject json, int tokens) {
    String type = BackboneConfigJson.field(json, "type").getAsString();
    return switch (type) {
      case "absorb" -> new TokenGraph.Absorbing(tokens);
      case "uniform" -> new TokenGraph.Uniform(tokens);
      default -> throw new IllegalArgumentException("config.json: graph.type was " + type);
    };
  }

  static NoiseSchedule schedule(JsonObject json) {
    String type = BackboneConfigJson.field(json, "type").getAsString();
    return switch (type) {
      case "loglinear" -> new NoiseSchedule.LogLinear();
      case "geometric" ->
          new NoiseSchedule.Geometric(
              BackboneConfigJson.number(json, "sigma_min"),
              BackboneConfigJson.number(json, "sigma_max"));
      default -> throw new IllegalArgumentException("config.json: noise.type was " + type);
    };
  }

  private static JsonObject section(JsonObject json, String key) {
    JsonElement section = json.get(key);
    if (section == null || !section.isJsonObject()) {
      throw new IllegalArgumentException("config.json: " + key + " is missing");
    }
    return section.getAsJsonObject();
  }
}
