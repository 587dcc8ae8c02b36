package dev.unmask.lm.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.objective.BlockDiffusion;
import dev.unmask.lm.objective.MaskedDenoising;
import dev.unmask.lm.objective.MaskedDenoising.Weighting;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.Precision;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients with recomputed activations beside those that one pass records. */
class LayerwiseGradientsTest {
  private static final int LENGTH = 16;
  private static final int ROWS = 3;

  @ParameterizedTest
  @CsvSource({
    "ar,1,llama",
    "ar,3,grouped",
    "block,3,llama",
    "block,2,radd",
    "masked,4,llama",
    "masked,2,radd"
  })
  void areThoseOfOnePass(String method, int layers, String network) {
    BackboneConfig config = config(network, layers);
    Objective objective =
        switch (method) {
          case "ar" -> new Autoregressive();
          case "block" -> new BlockDiffusion(4);
          default -> new MaskedDenoising(Weighting.LAMBDA);
        };
    ScoredBatch batch =
        objective.batch(text(config.maskId()), config.maskId(), KeyedRandom.of(layers));

    Learned kept = learn(config, batch, Activations.KEPT);
    Learned recomputed = learn(config, batch, Activations.RECOMPUTED);

    assertThat(recomputed.loss.value()).isEqualTo(kept.loss.value());
    assertThat(recomputed.loss.nats()).containsExactly(kept.loss.nats());
    for (int i = 0; i < kept.gradients.size(); i++) {
      assertThat(recomputed.gradients.get(i))
          .as("gradient %d", i)
          .containsExactly(kept.gradients.get(i), within(1e-6f));
    }
  }

  @Test
  void areNotForNetworksThatAreToldTheNoiseLevel() {
    BackboneConfig config =
        BackboneConfig.dit(24, 23, 1, 32, 2, LENGTH, new NoiseConditioning(8, true));
    try (Weights weights = Weights.random(config, 1)) {
      assertThatThrownBy(
              () -> TrainableBackbone.of(config, weights, Precision.F32, Activations.RECOMPUTED))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("keeps its activations");
    }
  }

  private record Learned(Loss loss, List<float[]> gradients) {}

  private static Learned learn(BackboneConfig config, ScoredBatch batch, Activations activations) {
    try (Transformer network =
        Transformer.forTraining(config, Weights.random(config, 5), Precision.F32, activations)) {
      Loss loss = network.differentiate(batch);
      List<float[]> gradients = new ArrayList<>();
      for (NDArray weight : network.weights().present()) {
        try (NDArray gradient = weight.getGradient()) {
          gradients.add(gradient.toFloatArray());
        }
      }
      return new Learned(loss, gradients);
    }
  }

  private static BackboneConfig config(String network, int layers) {
    return switch (network) {
      case "grouped" -> TransformerTest.grouped();
      case "radd" -> BackboneConfig.radd(24, layers, 16, 2, LENGTH);
      default -> BackboneConfig.llama(24, layers, 16, 2, 40, LENGTH, 4);
    };
  }

  private static int[][] text(int tokens) {
    KeyedRandom random = KeyedRandom.of(9);
    int[][] rows = new int[ROWS][LENGTH];
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < LENGTH; i++) {
        rows[row][i] = random.nextInt(tokens, (long) row * LENGTH + i);
      }
    }
    return rows;
  }
}
