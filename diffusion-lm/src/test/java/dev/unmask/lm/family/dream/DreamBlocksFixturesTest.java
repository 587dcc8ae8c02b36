package dev.unmask.lm.family.dream;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.CanvasModel;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.policy.RevealGrid;
import dev.unmask.lm.family.dream.PublishedBlockDenoising.BlockRule;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.RecordedCanvases;
import dev.unmask.lm.testing.ReproducesKinds;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Canvases of Dream in Fast-dLLM's published blocks, pass by pass. */
@ReproducesKinds("dream/decode_fast_block")
@Covers(
    method = "fast-dllm-v1",
    parts = {Part.SAMPLE})
class DreamBlocksFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesEveryCanvas() {
    return FixtureCase.ofKinds("dream", "dream/decode_fast_block")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> run(fixture)));
  }

  private static void run(FixtureCase fixture) {
    try (CanvasModel model = DreamDecodingFixturesTest.open(fixture);
        Safetensors expected = fixture.expected()) {
      for (JsonElement element : fixture.json().getAsJsonArray("runs")) {
        JsonObject run = element.getAsJsonObject();
        String name = "run" + run.get("run").getAsInt();
        RecordedCanvases recorded = RecordedCanvases.read(expected, name + ".canvas");
        assertThat(recorded.nfe()).isEqualTo(run.get("nfe").getAsInt());
        try (Denoising denoising = start(fixture, model, run, recorded.start(0))) {
          recorded.follow(denoising, 0, name);
        }
      }
    }
  }

  private static Denoising start(
      FixtureCase fixture, CanvasModel model, JsonObject run, int[] start) {
    JsonObject args = run.getAsJsonObject("args");
    DecodeSettings settings =
        model
            .defaults()
            .withMaxTokens(args.get("max_new_tokens").getAsInt())
            .withBlockSize(args.get("block_length").getAsInt())
            .withCache(args.get("dual_cache").getAsBoolean() ? CacheKind.DUAL : CacheKind.PREFIX);
    return PublishedBlocks.start(
        model,
        Canvas.Template.of(start, model.blocks().config().maskId()),
        settings,
        DreamDecodingFixturesTest.filter(args),
        rule(fixture, args, settings));
  }

  private static BlockRule rule(FixtureCase fixture, JsonObject args, DecodeSettings settings) {
    if (args.get("alg").getAsString().equals("confidence_threshold")) {
      return PublishedBlocks.threshold(args.get("threshold").getAsDouble());
    }
    double eps =
        DreamDecodingFixturesTest.number(
            args, "eps", fixture.params().get("default_eps").getAsDouble());
    int blocks = settings.maxTokens() / settings.blockSize();
    return PublishedBlocks.leastEntropy(new RevealGrid(args.get("steps").getAsInt() / blocks, eps));
  }
}
