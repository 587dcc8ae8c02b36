package dev.unmask.lm.family.llada;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.family.llada.LladaRuns.Code;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.RecordedCanvases;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.testing.SilentTokens;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Canvases of LLaDA's and Fast-dLLM's published decoding after every forward pass. */
@ReproducesKinds({
  "llada/decode_official",
  "llada/decode_official_batch",
  "llada/decode_temperature",
  "llada/decode_fast_v1_early",
  "llada/decode_fast_v1_later"
})
@Covers(
    method = "llada",
    parts = {Part.SAMPLE})
@Covers(
    method = "fast-dllm-v1",
    parts = {Part.SAMPLE})
class LladaDecodingFixturesTest {
  private static final String[] KINDS =
      LladaDecodingFixturesTest.class.getAnnotation(ReproducesKinds.class).value();

  private static Code code(String kind) {
    return switch (kind) {
      case "llada/decode_fast_v1_early" -> Code.FAST_EARLY;
      case "llada/decode_fast_v1_later" -> Code.FAST_LATER;
      default -> Code.LLADA;
    };
  }

  @TestFactory
  Stream<DynamicTest> reproducesEveryCanvas() {
    return FixtureCase.ofKinds("llada", KINDS)
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> run(fixture)));
  }

  private static void run(FixtureCase fixture) {
    try (LladaModel model = open(fixture);
        Safetensors expected = fixture.expected()) {
      for (JsonElement run : fixture.json().getAsJsonArray("runs")) {
        compare(fixture, model, run.getAsJsonObject(), expected);
      }
    }
  }

  private static LladaModel open(FixtureCase fixture) {
    JsonObject params = fixture.params();
    int maskId = params.get("mask_id").getAsInt();
    int endOfText = params.has("eos_id") ? params.get("eos_id").getAsInt() : -1;
    return LladaFamily.open(
        ModelDirectory.at(fixture.directory()),
        new SilentTokens(maskId, maskId, endOfText),
        PrecisionChoice.F32);
  }

  private static void compare(
      FixtureCase fixture, LladaModel model, JsonObject run, Safetensors expected) {
    String name = "run" + run.get("run").getAsInt();
    RecordedCanvases recorded = RecordedCanvases.read(expected, name + ".canvas");
    assertThat(recorded.nfe()).isEqualTo(run.get("nfe").getAsInt());
    String function = run.has("function") ? run.get("function").getAsString() : "generate";
    DecodeSettings settings = LladaRuns.settings(run, function);
    LladaDecoding decoding =
        LladaRuns.decoding(run, code(fixture.kind()), settings.cache(), fixture.params());
    for (int row = 0; row < recorded.rows(); row++) {
      Canvas canvas = Canvas.Template.of(recorded.start(row), model.generator().config().maskId());
      try (Denoising denoising =
          model.start(canvas, settings, decoding, LladaRuns.uniforms(expected, name, row))) {
        List<Committed> committed = new ArrayList<>();
        for (int pass = 1; pass <= recorded.nfe(); pass++) {
          assertThat(denoising.finished()).as("%s: finished at pass %d", name, pass).isFalse();
          DenoisingStep step = denoising.step();
          committed.addAll(step.committed());
          assertThat(denoising.canvas())
              .as("%s, row %d: after pass %d", name, row, pass)
              .isEqualTo(recorded.ids()[pass][row]);
        }
        assertThat(denoising.finished()).as(name).isTrue();
        assertThat(denoising.report().nfe()).isEqualTo(recorded.nfe());
        compareConfidences(fixture, run, row, committed);
      }
    }
  }

  /** Where the run lists what every pass committed. */
  private static void compareConfidences(
      FixtureCase fixture, JsonObject run, int row, List<Committed> committed) {
    if (!run.has("steps")) {
      return;
    }
    Map<Integer, Double> published = new HashMap<>();
    for (JsonElement element : run.getAsJsonArray("steps")) {
      JsonObject step = element.getAsJsonObject();
      if (!step.has("row") || step.get("row").getAsInt() == row) {
        for (int i = 0; i < step.getAsJsonArray("positions").size(); i++) {
          published.put(
              step.getAsJsonArray("positions").get(i).getAsInt(),
              step.getAsJsonArray("confidence").get(i).getAsDouble());
        }
      }
    }
    assertThat(committed).hasSameSizeAs(published.entrySet());
    int first = published.keySet().stream().mapToInt(Integer::intValue).min().orElse(0);
    int shift = first - committed.stream().mapToInt(Committed::position).min().orElse(0);
    for (Committed one : committed) {
      assertThat(one.probability())
          .as("%s, position %d", Arrays.asList(run.get("args")), one.position())
          .isCloseTo(
              published.get(one.position() + shift), within(fixture.tolerance("confidence_abs")));
    }
  }
}
