package dev.unmask.lm.tokenizer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizersTest {

  @TempDir Path directory;

  private Path file;
  private String sound;

  @BeforeEach
  void save() throws IOException {
    BytePairTrainer.train(List.of("abab abab"), 259).save(directory);
    file = directory.resolve("tokenizer.json");
    sound = Files.readString(file);
  }

  @Test
  void namesTheFileThatIsMissing() throws IOException {
    Files.delete(file);

    assertRefused("the file is missing");
  }

  @Test
  void refusesAFileCutShort() throws IOException {
    Files.writeString(file, sound.substring(0, sound.length() / 2));

    assertRefused("must be readable JSON in UTF-8");
  }

  @Test
  void refusesBytesThatAreNoText() throws IOException {
    Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1});

    assertRefused("must be readable JSON in UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "`\"type\": \"BPE\"`; `\"type\": \"WordPiece\"`; `model.type must be BPE, was \"WordPiece\"`",
        "`\"normalizer\": null`; `\"normalizer\": {\"type\": \"NFC\"}`; `normalizer must not be set`",
        "`\"dropout\": null`; `\"dropout\": 0.1`; `dropout must not be set, was 0.1`",
        "`\"use_regex\": true`; `\"use_regex\": false`; `pre_tokenizer.use_regex must be true`",
        "`\"type\": \"ByteLevel\"`; `\"type\": \"Whitespace\"`; `pre_tokenizer.type must be ByteLevel`",
        "`\"id\": 258`; `\"id\": 259`; `added_tokens must be {`",
        "`\"a b\"`; `\"a b c\"`; `model.merges must hold pairs`",
        "`\"a b\"`; `\"a zz\"`; `model.merges must join tokens of model.vocab`",
        "`\"a\": 97`; `\"a\": 98`; `model.vocab must number its 258 tokens from 0 without gaps`",
        "`\"a\": 97`; `\"a\": \"x\"`; `model.vocab id of a must be an integer`",
        "`\"a\": 97`; `\"漢\": 97`; `stands for no byte`",
        "`\"a\": 97`; `\"abc\": 97`; `model.vocab must hold all 256 bytes, holds 255`",
        "`\"merges\": [`; `\"merge\": [`; `merges must be an array`"
      })
  void namesWhatItExpectedInAFaultyFile(String part, String faulty, String expectation)
      throws IOException {
    Files.writeString(file, sound.replaceFirst(java.util.regex.Pattern.quote(part), faulty));

    assertRefused(expectation);
  }

  @Test
  void refusesAFileThatIsOnlyOpeningBrackets() throws IOException {
    Files.write(file, "[".repeat(1 << 20).getBytes(StandardCharsets.UTF_8));

    assertRefused("must be readable JSON");
  }

  private void assertRefused(String expectation) {
    assertThatThrownBy(() -> Tokenizers.load(directory))
        .isInstanceOf(InvalidTokenizerException.class)
        .hasMessageContaining("tokenizer.json: ")
        .hasMessageContaining(expectation);
  }
}
