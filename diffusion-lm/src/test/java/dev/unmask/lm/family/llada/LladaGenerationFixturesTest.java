package dev.unmask.lm.family.llada;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.unmask.lm.chat.ChatMessage;
import dev.unmask.lm.chat.ChatTemplate;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.family.llada.LladaRuns.Code;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** From messages to text: chat template, tokens, published decoding, text. */
@ReproducesKinds("e2e/generation")
@Covers(
    method = "llada",
    parts = {Part.SAMPLE})
class LladaGenerationFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesTheAnswers() {
    return FixtureCase.ofKinds("e2e", "e2e/generation")
        .filter(
            fixture ->
                new LladaFamily().recognises(ModelDirectory.at(fixture.directory()).config()))
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> answer(fixture)));
  }

  private static void answer(FixtureCase fixture) throws IOException {
    JsonObject texts =
        JsonParser.parseString(Files.readString(fixture.directory().resolve("expected.json")))
            .getAsJsonObject();
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    try (LladaModel model = new LladaFamily().open(directory, PrecisionChoice.F32);
        Safetensors expected = fixture.expected()) {
      ChatTemplate template = ChatTemplate.of(directory.path()).orElseThrow();
      List<ChatMessage> messages = messages(texts.getAsJsonArray("messages"));
      assertThat(template.render(messages, true)).isEqualTo(texts.get("prompt_text").getAsString());
      int[] prompt = template.prompt(model.tokenizer(), messages);
      assertThat(prompt).isEqualTo(ints(expected.longs("input_ids")));
      for (JsonElement run : texts.getAsJsonArray("runs")) {
        generate(model, prompt, run.getAsJsonObject(), expected);
      }
    }
  }

  private static void generate(
      LladaModel model, int[] prompt, JsonObject run, Safetensors expected) {
    String method = run.get("method").getAsString();
    Code code = method.startsWith("LLaDA") ? Code.LLADA : Code.FAST_LATER;
    DecodeSettings settings = LladaRuns.settings(run, method);
    LladaDecoding decoding = LladaRuns.decoding(run, code, settings.cache(), new JsonObject());
    try (Denoising denoising =
        model.start(Canvas.completion(prompt), settings, decoding, settings.seed())) {
      int nfe = denoising.finish().nfe();

      int[] canvas = denoising.canvas();
      String name = "run" + run.get("run").getAsInt();
      assertThat(nfe).isEqualTo(run.get("nfe").getAsInt());
      assertThat(canvas).as(name).isEqualTo(ints(expected.longs(name + ".final")));
      int[] ids = Arrays.copyOfRange(canvas, prompt.length, canvas.length);
      assertThat(ids).isEqualTo(published(run.getAsJsonArray("ids")));
      Tokenizer tokenizer = model.tokenizer();
      assertThat(tokenizer.decode(ids)).isEqualTo(run.get("text").getAsString());
      assertThat(tokenizer.decodeWithSpecialTokens(ids))
          .isEqualTo(run.get("text_with_special").getAsString());
      int end = IntStream.of(ids).boxed().toList().indexOf(tokenizer.endOfText());
      assertThat(denoising.committedText())
          .isEqualTo(tokenizer.decode(end < 0 ? ids : Arrays.copyOf(ids, end)));
    }
  }

  private static List<ChatMessage> messages(JsonArray json) {
    return json.asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(
            message ->
                new ChatMessage(
                    message.get("role").getAsString(), message.get("content").getAsString()))
        .toList();
  }

  private static int[] published(JsonArray ids) {
    return ids.asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }

  private static int[] ints(long[] values) {
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }
}
