package dev.unmask.lm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.NoiseConditioning;
import dev.unmask.lm.backbone.TrainableBackbone;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.corruption.TokenGraph;
import dev.unmask.lm.family.mdlm.Nelbo;
import dev.unmask.lm.family.sedd.ScoreEntropy;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.torch.Precision;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Covers(
    method = "sedd",
    parts = {Part.SCORE})
@Covers(
    method = "mdlm",
    parts = {Part.SCORE})
class ObjectiveBoundTest {
  private static final int TOKENS = 6;

  static Stream<Objective> objectives() {
    return Stream.of(
        new Nelbo(),
        new ScoreEntropy(new TokenGraph.Absorbing(TOKENS), new NoiseSchedule.LogLinear(), true));
  }

  /** Fresh weights say nothing of the tokens: every one costs the logarithm of the vocabulary. */
  @ParameterizedTest
  @MethodSource("objectives")
  void ofANetworkThatKnowsNothingIsTheLogarithmOfTheVocabulary(Objective objective) {
    BackboneConfig shape =
        BackboneConfig.dit(TOKENS + 1, TOKENS, 1, 8, 1, 8, new NoiseConditioning(4, true));
    try (TrainableBackbone network =
        TrainableBackbone.of(shape, Weights.random(shape, 1), Precision.F32)) {
      int[][] clean = {{0, 1, 2, 3, 4, 5, 0, 1}, {5, 5, 5, 5, 5, 5, 5, 5}};

      double[] nats = ObjectiveBound.natsPerToken(network, objective, clean, 1600, 5);

      assertThat(nats).containsExactly(new double[] {Math.log(6), Math.log(6)}, within(.2));
    }
  }
}
