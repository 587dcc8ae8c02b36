package dev.unmask.lm.family.dream;

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
import dev.unmask.lm.decoding.RaddSampler;
import dev.unmask.lm.decoding.policy.CarriedQuota;
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

/** Canvases of Dream's published samplers over the whole canvas, pass by pass. */
@ReproducesKinds({"dream/decode_diffusion_generate", "dream/decode_diffusion_generate_batch"})
@Covers(
    method = "dream",
    parts = {Part.SAMPLE})
class DreamDecodingFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesEveryCanvas() {
    return FixtureCase.ofKinds(
            "dream", "dream/decode_diffusion_generate", "dream/decode_diffusion_generate_batch")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> run(fixture)));
  }

  private static void run(FixtureCase fixture) {
    try (CanvasModel model = open(fixture);
        Safetensors expected = fixture.expected()) {
      for (JsonElement element : fixture.json().getAsJsonArray("runs")) {
        JsonObject run = element.getAsJsonObject();
        String name = "run" + run.get("run").getAsInt();
        RecordedCanvases recorded = RecordedCanvases.read(expected, name + ".canvas");
        assertThat(recorded.nfe()).isEqualTo(run.get("nfe").getAsInt());
        for (int row = 0; row < recorded.rows(); row++) {
          RaddSampler.Uniforms uniforms =
              recorded.uniforms(expected, name, row, model.blocks().config().maskId());
          try (Denoising denoising = start(fixture, model, run, recorded.start(row), uniforms)) {
            recorded.follow(denoising, row, name);
          }
        }
      }
    }
  }

  static CanvasModel open(FixtureCase fixture) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    assertThat(Families.of(directory.config()).name()).isEqualTo("dream");
    int vocabulary = directory.config().get("vocab_size").getAsInt();
    SilentTokens tokens =
        new SilentTokens(
            vocabulary,
            fixture.params().get("mask_id").getAsInt(),
            fixture.params().get("eos_id").getAsInt());
    return DreamFamily.open(directory, tokens, PrecisionChoice.F32);
  }

  private static Denoising start(
      FixtureCase fixture,
      CanvasModel model,
      JsonObject run,
      int[] start,
      RaddSampler.Uniforms uniforms) {
    JsonObject args = run.getAsJsonObject("args");
    DecodeSettings settings =
        model
            .defaults()
            .withMaxTokens(args.get("max_new_tokens").getAsInt())
            .withCache(CacheKind.NONE);
    Canvas canvas = Canvas.Template.of(start, model.blocks().config().maskId());
    OpenCanvas open = model.open(canvas, settings, OpenCanvas.End.CUTS);
    return model.reveal(open, policy(fixture, args), filter(args), 0, uniforms);
  }

  private static RevealPolicy policy(FixtureCase fixture, JsonObject args) {
    int steps = args.get("steps").getAsInt();
    double eps = number(args, "eps", fixture.params().get("default_eps").getAsDouble());
    RevealGrid grid = new RevealGrid(steps, eps);
    double noise = number(args, "alg_temp", 0);
    return switch (args.get("alg").getAsString()) {
      case "origin" -> new IndependentReveals(grid, true);
      case "maskgit_plus" -> new RankedReveals(grid, Score.CONFIDENCE, noise, true);
      case "topk_margin" -> new RankedReveals(grid, Score.MARGIN, noise, true);
      case "entropy" -> new RankedReveals(grid, Score.NEGATIVE_ENTROPY, noise, true);
      case "confidence_threshold" ->
          new CarriedQuota(steps, args.get("threshold").getAsDouble(), true);
      default -> throw new IllegalArgumentException("no algorithm " + args);
    };
  }

  static Filter filter(JsonObject args) {
    return new Filter(
        number(args, "temperature", 0), number(args, "top_p", 1), (int) number(args, "top_k", 0));
  }

  static double number(JsonObject args, String name, double other) {
    return args.has(name) && !args.get(name).isJsonNull() ? args.get(name).getAsDouble() : other;
  }
}
