package dev.unmask.lm.family.smdm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.CanvasModel;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.FilteredSampler.Filter;
import dev.unmask.lm.decoding.OpenCanvas;
import dev.unmask.lm.decoding.policy.IndependentReveals;
import dev.unmask.lm.decoding.policy.RankedReveals;
import dev.unmask.lm.decoding.policy.RankedReveals.Score;
import dev.unmask.lm.decoding.policy.RevealGrid;
import dev.unmask.lm.decoding.policy.RevealPolicy;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.RecordedCanvases;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.testing.SilentTokens;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Canvases of SMDM's published samplers with and without guidance, step by step. */
@ReproducesKinds("smdm/decode_diff_sample")
@Covers(
    method = "smdm",
    parts = {Part.SAMPLE})
class SmdmDecodingFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesEveryCanvas() {
    return FixtureCase.ofKinds("smdm", "smdm/decode_diff_sample")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> run(fixture)));
  }

  private static void run(FixtureCase fixture) {
    try (CanvasModel model = open(fixture);
        Safetensors expected = fixture.expected()) {
      for (JsonElement element : fixture.params().getAsJsonArray("runs")) {
        JsonObject run = element.getAsJsonObject();
        String name = "run" + run.get("run").getAsInt();
        RecordedCanvases recorded = RecordedCanvases.read(expected, name + ".canvas");
        assertThat(recorded.nfe()).isEqualTo(run.get("nfe").getAsInt());
        try (Denoising denoising = start(fixture, model, run, recorded, expected)) {
          recorded.follow(denoising, 0, name);
        }
      }
    }
  }

  static CanvasModel open(FixtureCase fixture) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    assertThat(Families.of(directory.config()).name()).isEqualTo("smdm");
    int maskId = fixture.params().get("mask_id").getAsInt();
    return SmdmFamily.open(directory, new SilentTokens(maskId, maskId, -1), PrecisionChoice.F32);
  }

  private static Denoising start(
      FixtureCase fixture,
      CanvasModel model,
      JsonObject run,
      RecordedCanvases recorded,
      Safetensors expected) {
    JsonObject args = run.getAsJsonObject("args");
    int maskId = model.blocks().config().maskId();
    DecodeSettings settings =
        model
            .defaults()
            .withMaxTokens(args.get("context_length").getAsInt())
            .withCache(CacheKind.NONE);
    OpenCanvas open =
        model.open(Canvas.Template.of(recorded.start(0), maskId), settings, OpenCanvas.End.CUTS);
    return model.reveal(
        open,
        policy(fixture, args),
        new Filter(run.get("temperature").getAsDouble(), 1, 0),
        args.get("cfg_scale").getAsDouble(),
        recorded.uniforms(expected, "run" + run.get("run").getAsInt(), 0, maskId));
  }

  private static RevealPolicy policy(FixtureCase fixture, JsonObject args) {
    RevealGrid grid =
        new RevealGrid(args.get("steps").getAsInt(), fixture.params().get("eps").getAsDouble());
    return switch (args.get("alg").getAsString()) {
      case "origin" -> new IndependentReveals(grid, true);
      case "greddy" -> new RankedReveals(grid, Score.CONFIDENCE, 0, true);
      default -> throw new IllegalArgumentException("no algorithm " + args);
    };
  }
}
