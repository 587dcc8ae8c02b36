package dev.unmask.lm.family.fastdllm2;

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
import dev.unmask.lm.decoding.Lockstep;
import dev.unmask.lm.family.fastdllm2.FastDllm2Model.Compat;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.testing.SilentTokens;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The published loop of Fast-dLLM v2, forward pass by forward pass. */
@ReproducesKinds({"fast_dllm_v2/decode_generate", "fast_dllm_v2/decode_batch"})
@Covers(
    method = "fast-dllm-v2",
    parts = {Part.SAMPLE})
class FastDllm2DecodingFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesThePublishedLoop() {
    return FixtureCase.ofKinds("fast_dllm_v2", "fast_dllm_v2/decode_generate")
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
        FastDllm2Model model = model(fixture, arguments.ends())) {
      int[] prompt = ints(expected, prefix + "prompt");
      try (Denoising denoising =
          model.start(Canvas.completion(prompt), arguments.settings(model.defaults()))) {
        for (JsonElement step : run.getAsJsonArray("steps")) {
          JsonObject recorded = step.getAsJsonObject();
          assertThat(denoising.finished()).as("finished before %s", recorded).isFalse();
          compareInput(recorded, denoising.canvas(), prompt.length);
          compareStep(
              recorded, denoising.step(), prompt.length, fixture.tolerance("confidence_abs"));
        }
        assertThat(denoising.finished()).isTrue();
        int[] answer = new int[run.get("new_tokens").getAsInt()];
        System.arraycopy(denoising.canvas(), prompt.length, answer, 0, answer.length);
        assertThat(IntStream.concat(Arrays.stream(prompt), Arrays.stream(answer)).toArray())
            .isEqualTo(ints(expected, prefix + "final"));
        assertThat(denoising.report().nfe()).isEqualTo(run.get("forwards").getAsInt());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> reproducesThePublishedBatch() {
    return FixtureCase.ofKinds("fast_dllm_v2", "fast_dllm_v2/decode_batch")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compareBatch(fixture)));
  }

  private static void compareBatch(FixtureCase fixture) {
    PublishedArguments arguments = new PublishedArguments(fixture.params());
    try (Safetensors expected = fixture.expected();
        FastDllm2Model model = model(fixture, arguments.ends());
        Lockstep batch = model.start(prompts(expected), arguments.settings(model.defaults()))) {
      batch.finish();
      for (int row = 0; row < batch.canvases().size(); row++) {
        int[] recorded = ints(expected, "out" + row);
        assertThat(Arrays.copyOf(batch.canvases().get(row).canvas(), recorded.length))
            .as("row %d", row)
            .isEqualTo(recorded);
      }
      assertThat(batch.passes()).isEqualTo(fixture.params().get("forwards").getAsInt());
    }
  }

  private static List<int[]> prompts(Safetensors expected) {
    int width = expected.info("input_ids").shape().get(1).intValue();
    int[] ids = ints(expected, "input_ids");
    int[] lengths = ints(expected, "lengths");
    return IntStream.range(0, lengths.length)
        .mapToObj(row -> Arrays.copyOfRange(ids, row * width, row * width + lengths[row]))
        .toList();
  }

  static FastDllm2Model model(FixtureCase fixture, Set<Integer> ends) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    int maskId = fixture.params().get("mask_id").getAsInt();
    BackboneConfig config = FastDllm2Config.read(directory.config()).maskedBy(maskId);
    Backbone backbone = BackboneLoader.open(directory, config, PrecisionChoice.F32);
    return FastDllm2Model.of(backbone, SilentTokens.of(maskId), ends, Compat.PUBLISHED);
  }

  /** Recorded input of passes over a whole block; others are part of it. */
  private static void compareInput(JsonObject recorded, int[] canvas, int prompt) {
    if (!recorded.has("input_ids")) {
      return;
    }
    int start = recorded.get("start").getAsInt();
    List<Integer> ids =
        recorded.getAsJsonArray("input_ids").asList().stream().map(JsonElement::getAsInt).toList();
    assertThat(IntStream.range(start, start + ids.size()).map(i -> canvas[i]).boxed())
        .as("input of %s", recorded)
        .containsExactlyElementsOf(ids);
  }

  private static void compareStep(
      JsonObject recorded, DenoisingStep step, int prompt, double tolerance) {
    List<Committed> committed = step.committed();
    if (recorded.has("next_token")) {
      assertThat(committed)
          .extracting(Committed::token)
          .containsExactly(recorded.get("next_token").getAsInt());
    } else if (recorded.has("tokens")) {
      JsonArray positions = recorded.getAsJsonArray("positions");
      JsonArray tokens = recorded.getAsJsonArray("tokens");
      JsonArray confidence = recorded.getAsJsonArray("confidence");
      assertThat(committed).as("%s", recorded).hasSize(positions.size());
      for (int i = 0; i < committed.size(); i++) {
        assertThat(committed.get(i).position() + prompt).isEqualTo(positions.get(i).getAsInt());
        assertThat(committed.get(i).token()).isEqualTo(tokens.get(i).getAsInt());
        assertThat(committed.get(i).probability())
            .isCloseTo(confidence.get(i).getAsDouble(), within(tolerance));
      }
    }
  }

  static int[] ints(Safetensors expected, String name) {
    return Arrays.stream(expected.longs(name)).mapToInt(Math::toIntExact).toArray();
  }
}
