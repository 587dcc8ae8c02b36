package dev.unmask.lm.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Logits of the published MDLM and BD3-LM networks, single passes and batches. */
@ReproducesKinds({"bd3lm/loss", "mdlm/loss"})
@Covers(
    method = "bd3lm",
    parts = {Part.LOAD})
@Covers(
    method = "mdlm",
    parts = {Part.LOAD})
class DitFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesThePublishedLogitsOfMdlm() {
    return FixtureCase.ofKinds("mdlm", "mdlm/loss")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compareSingles(fixture)));
  }

  @TestFactory
  Stream<DynamicTest> reproducesThePublishedLogitsOfBothHalves() {
    return FixtureCase.ofKinds("bd3lm", "bd3lm/loss")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compareHalves(fixture)));
  }

  private static void compareSingles(FixtureCase fixture) {
    ModelDirectory model = ModelDirectory.at(fixture.directory());
    BackboneConfig config = DitLoader.config(model.config());
    try (DiffusionTransformer network = DitLoader.load(config, model, Precision.F32);
        Safetensors expected = fixture.expected()) {
      for (int variant = 0; variant < variants(fixture); variant++) {
        String name = "v" + variant + ".";
        int length = expected.info("x0").shape().get(1).intValue();
        int[] ids = ints(expected.longs(name + "x_t"));
        float[] noise = expected.floats(name + "backbone_sigma");
        float[] logits = expected.floats(name + "backbone_logits");
        int[] all = IntStream.range(0, length).toArray();
        for (int row = 0; row < noise.length; row++) {
          int[] sequence = Arrays.copyOfRange(ids, row * length, (row + 1) * length);
          try (ForwardPass pass =
              network.forward(sequence, all, null, new AttentionLayout.Full(), all, noise[row])) {
            compare(fixture, pass.logitsToHost(), logits, row * length, config.vocabularySize());
          }
        }
      }
    }
  }

  private static void compareHalves(FixtureCase fixture) {
    ModelDirectory model = ModelDirectory.at(fixture.directory());
    BackboneConfig config = DitLoader.config(model.config());
    int blockSize = fixture.params().get("block_size").getAsInt();
    try (DiffusionTransformer network = DitLoader.load(config, model, Precision.F32);
        Safetensors expected = fixture.expected()) {
      for (int variant = 0; variant < variants(fixture); variant++) {
        String name = "v" + variant + ".";
        if (!expected.tensors().containsKey(name + "input_2L")) {
          continue;
        }
        int columns = expected.info(name + "input_2L").shape().get(1).intValue();
        int[] ids = ints(expected.longs(name + "input_2L"));
        int sequences = ids.length / columns;
        int[] rows = IntStream.range(0, sequences * columns / 2).toArray();
        ScoredBatch batch =
            new ScoredBatch(
                sequences,
                ids,
                IntStream.range(0, columns).map(i -> i % (columns / 2)).toArray(),
                new NoisyThenClean(blockSize, columns / 2),
                rows,
                new int[rows.length],
                new float[rows.length]);

        float[][] actual = network.logits(batch);

        float[] logits = expected.floats(name + "backbone_logits");
        compare(fixture, actual, logits, 0, config.vocabularySize());
      }
    }
  }

  private static int variants(FixtureCase fixture) {
    return fixture.params().getAsJsonArray("variants").size();
  }

  private static void compare(
      FixtureCase fixture, float[][] actual, float[] expected, int firstRow, int columns) {
    for (int i = 0; i < actual.length; i++) {
      int at = (firstRow + i) * columns;
      assertThat(actual[i])
          .as("row %d", firstRow + i)
          .containsExactly(
              Arrays.copyOfRange(expected, at, at + actual[i].length),
              within((float) fixture.tolerance("logits_abs")));
    }
  }

  private static int[] ints(long[] values) {
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }
}
