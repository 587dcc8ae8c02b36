package dev.unmask.lm.family.sdar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.family.sdar.SdarModel.Compat;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.testing.SilentTokens;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** SDAR's published loop, forward pass by forward pass. */
@ReproducesKinds("sdar/decode_generate")
@Covers(
    method = "sdar",
    parts = {Part.SAMPLE})
class SdarDecodingFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesThePublishedLoop() {
    return FixtureCase.ofKinds("sdar", "sdar/decode_generate")
        .flatMap(
            fixture ->
                fixture.json().getAsJsonArray("runs").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .map(
                        run ->
                            DynamicTest.dynamicTest(
                                fixture.name() + ", run " + run.get("run"),
                                () -> compare(fixture, run))));
  }

  private static void compare(FixtureCase fixture, JsonObject run) {
    String prefix = "run" + run.get("run").getAsInt() + ".";
    PublishedArguments arguments = new PublishedArguments(run.getAsJsonObject("args"));
    try (Safetensors expected = fixture.expected();
        SdarModel model = model(fixture, arguments);
        Denoising denoising =
            model.start(
                Canvas.completion(ints(expected, prefix + "prompt")),
                arguments.settings(model.defaults()))) {
      int[] canvases = ints(expected, prefix + "canvas");
      int width = expected.info(prefix + "canvas").shape().get(1).intValue();
      JsonArray steps = run.getAsJsonArray("steps");
      for (int i = 0; i < steps.size(); i++) {
        assertThat(denoising.finished()).as("finished before pass %d", i).isFalse();
        DenoisingStep step = denoising.step();
        compareStep(steps.get(i).getAsJsonObject(), step, fixture.tolerance("confidence_abs"));
        assertThat(denoising.canvas())
            .as("after pass %d", i)
            .isEqualTo(Arrays.copyOfRange(canvases, (i + 1) * width, (i + 2) * width));
      }
      assertThat(denoising.finished()).isTrue();
      assertThat(denoising.canvas()).isEqualTo(ints(expected, prefix + "final"));
      assertThat(denoising.report().nfe()).isEqualTo(run.get("forwards_total").getAsInt());
    }
  }

  private static SdarModel model(FixtureCase fixture, PublishedArguments arguments) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    int maskId = fixture.params().get("mask_id").getAsInt();
    BackboneConfig config = SdarConfig.read(directory.config()).maskedBy(maskId);
    Backbone backbone = BackboneLoader.open(directory, config, PrecisionChoice.F32);
    return SdarModel.of(backbone, SilentTokens.of(maskId), arguments.ends(), Compat.PUBLISHED);
  }

  private static void compareStep(JsonObject recorded, DenoisingStep step, double tolerance) {
    if (recorded.has("store_kv")) {
      assertThat(step.committed()).isEmpty();
      return;
    }
    assertThat(step.committed())
        .extracting(Committed::token)
        .containsExactlyElementsOf(
            recorded.getAsJsonArray("tokens").asList().stream()
                .map(JsonElement::getAsInt)
                .toList());
    JsonArray confidence = recorded.getAsJsonArray("confidence");
    for (int i = 0; i < confidence.size(); i++) {
      assertThat(step.committed().get(i).probability())
          .isCloseTo(confidence.get(i).getAsDouble(), within(tolerance));
    }
  }

  private static int[] ints(Safetensors expected, String name) {
    return Arrays.stream(expected.longs(name)).mapToInt(Math::toIntExact).toArray();
  }
}
