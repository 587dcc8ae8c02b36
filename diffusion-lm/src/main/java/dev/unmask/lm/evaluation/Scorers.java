package dev.unmask.lm.evaluation;

import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.backbone.TrainableBackbone;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.objective.Objective;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The estimators that a model has. */
public final class Scorers {
  private Scorers() {}

  /**
   * A model's estimators, the first of them the one to use when nothing is said; empty for a family
   * whose likelihood cannot be estimated.
   */
  public static Map<Estimator, TextScorer> of(DiffusionModel model) {
    return model instanceof ScoresTexts own
        ? own.scorers()
        : model.blockwise().map(Scorers::ofMaskPredictor).orElse(Map.of());
  }

  /** First token of a text that the model can predict: 1 where the token before one predicts it. */
  public static int first(DiffusionModel model) {
    return model
        .blockwise()
        .map(generator -> generator.config().alignment() == Alignment.SHIFTED ? 1 : 0)
        .orElse(0);
  }

  /** The chain rule, and under full attention the bound by masking random subsets. */
  public static Map<Estimator, TextScorer> ofMaskPredictor(Generator generator) {
    Map<Estimator, TextScorer> scorers = new LinkedHashMap<>();
    scorers.put(
        Estimator.CHAIN_RULE,
        (tokens, from, draws, seed) -> BlockScorer.score(generator, tokens, from));
    if (generator.config().layout() == Layout.FULL) {
      scorers.put(
          Estimator.ELBO,
          (tokens, from, draws, seed) ->
              MonteCarloBound.score(generator, tokens, from, draws, seed));
    }
    return scorers;
  }

  /**
   * The bound that an objective is, of whole texts; each token gets the mean, because the bound has
   * no parts by token.
   */
  public static TextScorer ofObjective(TrainableBackbone network, Objective objective) {
    return (tokens, from, draws, seed) -> {
      ScoredText.check(network.config(), tokens, from);
      if (from != 0) {
        throw new IllegalArgumentException(
            "from must be 0, this estimator scores whole texts only; was " + from);
      }
      double[] nats = new double[tokens.length];
      Arrays.fill(
          nats,
          ObjectiveBound.natsPerToken(network, objective, new int[][] {tokens}, draws, seed)[0]);
      return new TextScore(nats, draws);
    };
  }
}
