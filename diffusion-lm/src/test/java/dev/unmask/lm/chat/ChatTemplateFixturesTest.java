package dev.unmask.lm.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compares rendered conversations and their ids with those of Hugging Face's transformers. */
@ReproducesKinds({"tokenizer/tokenizer"})
class ChatTemplateFixturesTest {

  @TestFactory
  Stream<DynamicTest> writesConversationsAsPublished() {
    return FixtureCase.ofKinds("tokenizer", "tokenizer/tokenizer")
        .filter(fixture -> Files.exists(cases(fixture)))
        .map(fixture -> dynamicTest(fixture.name(), () -> writes(fixture)));
  }

  private static Path cases(FixtureCase fixture) {
    return fixture.directory().resolve("chat_cases.json");
  }

  private static void writes(FixtureCase fixture) throws IOException {
    ChatTemplate template = ChatTemplate.of(fixture.directory()).orElseThrow();
    Tokenizer tokenizer = Tokenizers.load(fixture.directory());
    JsonArray cases = JsonParser.parseString(Files.readString(cases(fixture))).getAsJsonArray();
    for (JsonElement element : cases) {
      JsonObject expected = element.getAsJsonObject();
      List<ChatMessage> messages = messages(expected.getAsJsonArray("messages"));
      boolean addGenerationPrompt = expected.get("add_generation_prompt").getAsBoolean();
      String text = template.render(messages, addGenerationPrompt);
      int[] ids =
          expected.getAsJsonArray("ids").asList().stream()
              .mapToInt(JsonElement::getAsInt)
              .toArray();
      assertThat(text).isEqualTo(expected.get("text").getAsString());
      assertThat(tokenizer.encodeWithSpecialTokens(text)).isEqualTo(ids);
      if (addGenerationPrompt) {
        assertThat(template.promptAsPublished(tokenizer, messages)).isEqualTo(ids);
        assertThat(tokenizer.decodeWithSpecialTokens(template.prompt(tokenizer, messages)))
            .isEqualTo(text);
      }
    }
  }

  private static List<ChatMessage> messages(JsonArray written) {
    return written.asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(
            message ->
                new ChatMessage(
                    message.get("role").getAsString(), message.get("content").getAsString()))
        .toList();
  }
}
