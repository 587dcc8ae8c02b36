package dev.unmask.lm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedTokenizerTest {

  private static final String QWEN =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}|"
          + " ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+";

  static final String DOCUMENT =
      """
      {"added_tokens": [
         {"id": 4, "content": "<|end|>", "special": true},
         {"id": 5, "content": "<think>", "special": false},
         {"id": 6, "content": "<m>", "special": true}],
       "normalizer": {"type": "NFC"},
       "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
         {"type": "Split", "pattern": {"Regex": "EXPRESSION"}, "behavior": "Isolated"},
         {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]},
       "decoder": {"type": "ByteLevel"},
       "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "Ġ": 3}, "merges": ["a b"]}}
      """
          .replace("EXPRESSION", QWEN);

  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(directory.resolve("tokenizer.json"), DOCUMENT);
  }

  @Test
  void takesItsSpecialIdsFromTheFilesOfTheModel() throws IOException {
    Files.writeString(
        directory.resolve("config.json"),
        "{\"vocab_size\": 16, \"mask_token_id\": 6, \"eos_token_id\": 5, \"pad_token_id\": null}");
    Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": [4, 5]}");
    Files.writeString(
        directory.resolve("tokenizer_config.json"), "{\"pad_token\": {\"content\": \"<think>\"}}");

    Tokenizer tokenizer = Tokenizers.load(directory);

    assertThat(tokenizer.maskId()).isEqualTo(6);
    assertThat(tokenizer.endOfText()).isEqualTo(4);
    assertThat(tokenizer.paddingId()).isEqualTo(5);
    assertThat(tokenizer.vocabularySize()).isEqualTo(7);
    assertThat(tokenizer.decode(new int[] {0, 15, 2})).isEqualTo("aab");
    assertThatThrownBy(() -> tokenizer.decode(new int[] {16}))
        .hasMessage("token id must be in [0, 15], was 16");
  }

  @Test
  void hasItsMaskPastTheVocabularyWhereTheModelNamesNone() {
    assertThat(Tokenizers.load(directory).maskId()).isEqualTo(7);
  }

  @Test
  void endsATextWithTheUsualTokenWhereTheModelNamesNone() throws IOException {
    Files.writeString(
        directory.resolve("tokenizer.json"), DOCUMENT.replace("<|end|>", "<|endoftext|>"));

    assertThat(Tokenizers.load(directory).endOfText()).isEqualTo(4);
  }

  @Test
  void findsSpecialTokensOnlyWhereItIsAskedTo() {
    Tokenizer tokenizer = Tokenizers.load(directory);

    assertThat(tokenizer.encodeWithSpecialTokens("ab<|end|>a")).containsExactly(2, 4, 0);
    assertThat(tokenizer.encode("ab<m>ab")).doesNotContain(4, 5, 6);
    assertThat(tokenizer.decode(new int[] {2, 4, 5, 0})).isEqualTo("ab<think>a");
    assertThat(tokenizer.decodeWithSpecialTokens(new int[] {2, 4})).isEqualTo("ab<|end|>");
  }

  @Test
  void savesAllThatSaysSomethingAboutIt(@TempDir Path other) throws IOException {
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"eos_token\": \"<|end|>\", \"mask_token\": \"<m>\"}");

    Tokenizers.load(directory).save(other);

    Tokenizer saved = Tokenizers.load(other);
    assertThat(saved.endOfText()).isEqualTo(4);
    assertThat(saved.maskId()).isEqualTo(6);
    assertThat(saved.encode("ab")).containsExactly(2);
  }

  @Test
  void readsTheOlderFilesAsTheirTokenizerJson() throws IOException {
    Tokenizer expected = Tokenizers.load(directory);
    Files.delete(directory.resolve("tokenizer.json"));
    Files.writeString(directory.resolve("vocab.json"), "{\"a\": 0, \"b\": 1, \"ab\": 2, \"Ġ\": 3}");
    Files.writeString(directory.resolve("merges.txt"), "#version: 0.2\na b\n");
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        """
        {"tokenizer_class": "DreamTokenizer", "mask_token": "<m>", "added_tokens_decoder": {
          "6": {"content": "<m>", "special": true},
          "4": {"content": "<|end|>", "special": true},
          "5": {"content": "<think>", "special": false}}}
        """);

    Tokenizer older = Tokenizers.load(directory);

    assertThat(older.maskId()).isEqualTo(6);
    for (String text : new String[] {"ab a", "a<|end|>b<think>", "  ab\n"}) {
      assertThat(older.encodeWithSpecialTokens(text))
          .isEqualTo(expected.encodeWithSpecialTokens(text));
    }
  }

  @Test
  void takesAnUnpairedSurrogateForAQuestionMark() {
    assertThat(Tokenizers.load(directory).encode("a\uD800b")).startsWith(0).endsWith(1);
  }

  @Test
  void refusesATextTheNativeLibraryCouldNotTake() {
    Tokenizer tokenizer = Tokenizers.load(directory);

    assertThatThrownBy(() -> tokenizer.encode(" ".repeat(NativeTokenizer.LONGEST_TEXT + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("text must have at most");
    assertThat(tokenizer.encode(" ".repeat(1 << 20) + "a")).hasSize((1 << 20) + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "`\\\\p{N}|`; `\\\\p{N}{1,}|`; `splits by an expression that is not known`",
        "`\"id\": 5`; `\"id\": 9`; `added_tokens id of <think> must be 5, was 9`",
        "`\"a\": 0`; `\"a\": 1`; `model.vocab must hold each id once`",
        "`\"a\": 0`; `\"a\": 99999999`; `must be in [0, 2097152)`",
        "`\"a\": 0`; `\"a\": -1`; `must be in [0, 2097152)`",
        "`a b`; `b a`; `model.merges must join tokens of model.vocab`",
        "`\"NFC\"`; `\"Precompiled\"`; `normalizer of an unknown type`",
        "`\"BPE\"`; `\"Unigram\"`; `model.type must be BPE`",
        "`{\"type\": \"ByteLevel\"}`; `{\"type\": \"CTC\"}`; `decoder of an unknown type`",
        "`Isolated`; `isolated`; `behavior must be one of`"
      })
  void namesWhatItCannotReproduce(String part, String faulty, String expectation)
      throws IOException {
    assertThat(DOCUMENT).contains(part);
    Files.writeString(directory.resolve("tokenizer.json"), DOCUMENT.replace(part, faulty));

    assertThatThrownBy(() -> Tokenizers.load(directory))
        .isInstanceOf(InvalidTokenizerException.class)
        .hasMessageContaining(expectation);
  }
}
