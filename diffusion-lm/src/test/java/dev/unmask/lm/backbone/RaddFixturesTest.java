package dev.unmask.lm.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Logits of the published RADD code, for every case that has them. */
@ReproducesKinds({"loader/load", "radd/forward", "radd/losses"})
@Covers(
    method = "radd",
    parts = {Part.LOAD})
class RaddFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesThePublishedLogits() {
    return FixtureCase.ofKinds("radd", "radd/forward", "radd/losses")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compareLogits(fixture)));
  }

  @TestFactory
  Stream<DynamicTest> readsHalfPrecisionCheckpoints() {
    return FixtureCase.ofKinds("loader", "loader/load")
        .filter(fixture -> fixture.family().equals("radd"))
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compareLogits(fixture)));
  }

  private static void compareLogits(FixtureCase fixture) {
    try (Transformer network = BackboneLoader.load(fixture.directory(), PrecisionChoice.F32);
        Safetensors expected = fixture.expected()) {
      int length = expected.info("input_ids").shape().get(1).intValue();
      int[] ids = Arrays.stream(expected.longs("input_ids")).mapToInt(Math::toIntExact).toArray();
      int[] all = IntStream.range(0, length).toArray();
      int[] rows =
          expected.tensors().containsKey("positions")
              ? Arrays.stream(expected.longs("positions")).mapToInt(Math::toIntExact).toArray()
              : all;
      float[] logits = expected.floats("logits");
      int columns = network.config().vocabularySize();
      for (int row = 0; row < ids.length / length; row++) {
        int[] sequence = Arrays.copyOfRange(ids, row * length, (row + 1) * length);
        try (ForwardPass pass = network.forward(sequence, all, null, new Full(), rows)) {
          float[][] actual = pass.logitsToHost();
          for (int i = 0; i < rows.length; i++) {
            int at = (row * rows.length + i) * columns;
            assertThat(actual[i])
                .as("row %d, position %d", row, rows[i])
                .containsExactly(
                    Arrays.copyOfRange(logits, at, at + columns),
                    within((float) fixture.tolerance("logits_abs")));
          }
        }
      }
    }
  }
}
