package dev.unmask.lm.testing;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.ModelFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Conversations of a whole model directory: chat template, tokens, decoding, text. */
public final class RecordedAnswers {
  private RecordedAnswers() {}

  /** How a recorded run opens and decodes a model. */
  public interface Published {
    /** The model for a run's arguments. */
    DiffusionModel open(ModelDirectory directory, JsonObject arguments);

    /** The settings for a run's arguments. */
    DecodeSettings settings(DiffusionModel model, JsonObject arguments);
  }

  /** One test a run of every recorded conversation of a family. */
  public static Stream<DynamicTest> of(ModelFamily family, Published published) {
    return FixtureCase.ofKinds("e2e", "e2e/generation")
        .filter(fixture -> family.recognises(ModelDirectory.at(fixture.directory()).config()))
        .flatMap(
            fixture ->
                fixture.json().getAsJsonArray("runs").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .map(
                        run ->
                            DynamicTest.dynamicTest(
                                fixture.name() + ", run " + run.get("run"),
                                () -> compare(fixture, run, published))));
  }

  private static void compare(FixtureCase fixture, JsonObject run, Published published) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    JsonObject arguments = run.getAsJsonObject("args");
    try (Safetensors expected = fixture.expected();
        DiffusionModel model = published.open(directory, arguments)) {
      int[] prompt = ints(expected, "input_ids");
      ChatTemplate template = ChatTemplate.of(directory.path()).orElseThrow();
      assertThat(template.prompt(model.tokenizer(), messages(fixture))).isEqualTo(prompt);
      DecodeSettings settings = published.settings(model, arguments);
      try (Denoising denoising = model.start(Canvas.completion(prompt), settings)) {
        denoising.finish();
        compareAnswer(run, expected, model, denoising, prompt.length);
      }
    }
  }

  private static void compareAnswer(
      JsonObject run, Safetensors expected, DiffusionModel model, Denoising denoising, int prompt) {
    int[] recorded = ints(expected, "run" + run.get("run").getAsInt() + ".final");
    assertThat(Arrays.copyOf(denoising.canvas(), recorded.length)).isEqualTo(recorded);
    assertThat(denoising.report().nfe()).isEqualTo(run.get("forwards").getAsInt());
    int[] answer =
        run.getAsJsonArray("ids").asList().stream().mapToInt(JsonElement::getAsInt).toArray();
    assertThat(Arrays.copyOfRange(recorded, prompt, prompt + answer.length)).isEqualTo(answer);
    assertThat(model.tokenizer().decode(answer)).isEqualTo(run.get("text").getAsString());
    assertThat(model.tokenizer().decodeWithSpecialTokens(answer))
        .isEqualTo(run.get("text_with_special").getAsString());
  }

  private static List<ChatMessage> messages(FixtureCase fixture) {
    try {
      JsonObject conversation =
          JsonParser.parseString(Files.readString(fixture.directory().resolve("expected.json")))
              .getAsJsonObject();
      return conversation.getAsJsonArray("messages").asList().stream()
          .map(JsonElement::getAsJsonObject)
          .map(
              message ->
                  new ChatMessage(
                      message.get("role").getAsString(), message.get("content").getAsString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int[] ints(Safetensors expected, String name) {
    return Arrays.stream(expected.longs(name)).mapToInt(Math::toIntExact).toArray();
  }
}
