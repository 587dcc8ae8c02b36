package dev.unmask.lm.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MaskTokenRowTest {
  @Test
  void becomesTheMeanOfAllOtherRowsAndLeavesThoseAlone() {
    BackboneConfig config = BackboneConfig.llama(4, 1, 2, 1, 4, 4, 2);
    float[] embedding = {1, 10, 2, 20, 6, 60, 99, 99};
    Weights weights =
        Weights.create(
            config,
            parameter ->
                parameter.name().equals("model.embed_tokens.weight")
                    ? embedding
                    : new float
                        [(int) Arrays.stream(parameter.dimensions()).reduce(1, (a, b) -> a * b)]);
    try (Transformer transformer = Transformer.forTraining(config, weights, Precision.F32)) {
      MaskTokenRow.initialise(transformer);

      assertThat(transformer.weights().present().getFirst().toFloatArray())
          .containsExactly(new float[] {1, 10, 2, 20, 6, 60, 3, 30}, within(1e-6f));
    }
  }
}
