package dev.unmask.lm.family.sedd;

import com.google.gson.JsonObject;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.corruption.TokenGraph;
import dev.unmask.lm.family.BackboneMethod;
import dev.unmask.lm.family.MethodChoice;
import dev.unmask.lm.family.MethodOptions;
import dev.unmask.lm.family.NetworkKind;

/**
 * SEDD as a job trains it. Graph and schedule stand in {@code config.json}, because the sampler
 * needs them; under the absorbing graph the noise is taken off the logits, as in the published
 * checkpoints.
 */
final class SeddTraining {
  private static final String ABSORB = "absorb";
  private static final String LOG_LINEAR = "loglinear";
  private static final NoiseSchedule.Geometric GEOMETRIC = new NoiseSchedule.Geometric(1e-4, 20);

  static final BackboneMethod METHOD =
      new BackboneMethod(
          "sedd",
          MethodOptions.NONE.withSchedules(LOG_LINEAR, "geometric").withGraphs(ABSORB, "uniform"),
          choice -> absorbs(choice) ? NetworkKind.TOLD_NOISE : NetworkKind.TOLD_NOISE_WITHOUT_MASK,
          (choice, tokenizer) ->
              new ScoreEntropy(
                  absorbs(choice)
                      ? new TokenGraph.Absorbing(tokenizer.vocabularySize())
                      : new TokenGraph.Uniform(tokenizer.vocabularySize()),
                  choice.schedule().equals(LOG_LINEAR) ? new NoiseSchedule.LogLinear() : GEOMETRIC,
                  absorbs(choice)),
          SeddTraining::facts);

  private SeddTraining() {}

  private static boolean absorbs(MethodChoice choice) {
    return choice.graph().equals(ABSORB);
  }

  private static JsonObject facts(MethodChoice choice) {
    JsonObject graph = new JsonObject();
    graph.addProperty("type", choice.graph());
    JsonObject noise = new JsonObject();
    noise.addProperty("type", choice.schedule());
    if (!choice.schedule().equals(LOG_LINEAR)) {
      noise.addProperty("sigma_min", GEOMETRIC.minimum());
      noise.addProperty("sigma_max", GEOMETRIC.maximum());
    }
    JsonObject facts = BackboneMethod.facts("sedd");
    facts.add("graph", graph);
    facts.add("noise", noise);
    facts.addProperty("scale_by_sigma", absorbs(choice));
    return facts;
  }
}
