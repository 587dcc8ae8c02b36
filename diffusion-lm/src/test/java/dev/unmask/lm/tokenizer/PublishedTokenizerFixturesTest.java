package dev.unmask.lm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compares with Hugging Face's tokenizers: ids, decoded text, special tokens. */
@ReproducesKinds({"tokenizer/tokenizer"})
class PublishedTokenizerFixturesTest {

  @TestFactory
  Stream<DynamicTest> tokenisesAsPublished() {
    return FixtureCase.ofKinds("tokenizer", "tokenizer/tokenizer")
        .flatMap(
            fixture ->
                Stream.of(
                    dynamicTest(fixture.name() + " encodes", () -> encodes(fixture)),
                    dynamicTest(fixture.name() + " decodes", () -> decodes(fixture)),
                    dynamicTest(fixture.name() + " has its ids", () -> hasItsIds(fixture))));
  }

  private static void encodes(FixtureCase fixture) throws IOException {
    PublishedTokenizer tokenizer = open(fixture);
    JsonObject special = fixture.json().getAsJsonObject("special_tokens");
    for (JsonObject expected : read(fixture, "cases.json")) {
      String text = expected.get("text").getAsString();
      int[] ids = ints(expected, "ids");
      assertThat(tokenizer.encodeWithSpecialTokens(text)).as(text).isEqualTo(ids);
      assertThat(tokenizer.encodeAsDocument(text))
          .as(text)
          .isEqualTo(ints(expected, "ids_with_special"));
      if (special.keySet().stream().noneMatch(text::contains) && !text.contains("think>")) {
        assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
      }
      assertDecodes(tokenizer, expected);
    }
  }

  private static void decodes(FixtureCase fixture) throws IOException {
    PublishedTokenizer tokenizer = open(fixture);
    for (JsonObject expected : read(fixture, "decode_cases.json")) {
      assertDecodes(tokenizer, expected);
    }
  }

  private static void assertDecodes(PublishedTokenizer tokenizer, JsonObject expected) {
    int[] ids = ints(expected, "ids");
    String text = expected.get("decoded_skip_special").getAsString();
    assertThat(tokenizer.decodeWithSpecialTokens(ids))
        .isEqualTo(expected.get("decoded").getAsString());
    assertThat(tokenizer.decode(ids)).isEqualTo(text);
    StreamingDecoder stream = tokenizer.stream();
    StringBuilder streamed = new StringBuilder();
    for (int id : ids) {
      streamed.append(stream.append(id));
    }
    assertThat(streamed.append(stream.finish())).hasToString(text);
  }

  private static void hasItsIds(FixtureCase fixture) {
    PublishedTokenizer tokenizer = open(fixture);
    assertThat(tokenizer.vocabularySize()).isEqualTo(fixture.json().get("vocab_size").getAsInt());
    JsonObject special = fixture.json().getAsJsonObject("special_tokens");
    for (String name : special.keySet()) {
      int id = special.get(name).getAsInt();
      assertThat(tokenizer.encodeWithSpecialTokens(name)).containsExactly(id);
      assertThat(tokenizer.encode(name)).as(name).doesNotContain(id);
      assertThat(tokenizer.decode(tokenizer.encode(name))).isEqualTo(name);
    }
  }

  static PublishedTokenizer open(FixtureCase fixture) {
    return (PublishedTokenizer) Tokenizers.load(fixture.directory());
  }

  static Iterable<JsonObject> read(FixtureCase fixture, String file) throws IOException {
    JsonArray list =
        JsonParser.parseString(Files.readString(fixture.directory().resolve(file)))
            .getAsJsonArray();
    return list.asList().stream().map(JsonElement::getAsJsonObject).toList();
  }

  static int[] ints(JsonObject owner, String name) {
    return StreamSupport.stream(owner.getAsJsonArray(name).spliterator(), false)
        .mapToInt(JsonElement::getAsInt)
        .toArray();
  }
}
