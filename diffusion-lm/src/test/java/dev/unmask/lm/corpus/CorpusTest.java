package dev.unmask.lm.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.corpus.InvalidCorpusException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusTest {

  @TempDir Path directory;

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @Test
  void takesAFileWithoutFormFeedForOneDocument() throws IOException {
    Corpus corpus = Corpus.read(file("Größe\nand more".getBytes(StandardCharsets.UTF_8)));

    assertThat(corpus.texts()).containsExactly("Größe\nand more");
    assertThat(corpus.summary().bytes()).isEqualTo(16);
  }

  @Test
  void separatesDocumentsByFormFeedsAndLeavesBlankOnesOut() throws IOException {
    Path file = file("one\f\f \n\ftwo\f".getBytes(StandardCharsets.UTF_8));

    assertThat(Corpus.read(file).texts()).containsExactly("one", "two");
    assertThat(Corpus.inspect(file)).isEqualTo(Corpus.read(file).summary());
    assertThat(Corpus.inspect(file).documents()).isEqualTo(2);
  }

  @Test
  void sumsTheFileAndEachDocument() {
    Corpus corpus = Corpus.of(List.of("abc"));

    String sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertThat(corpus.summary().sha256()).isEqualTo(sum);
    assertThat(corpus.documents()).containsExactly(new Document("abc", sum));
  }

  @Test
  void dropsAByteOrderMark() throws IOException {
    assertThat(Corpus.read(file("\uFEFFtext".getBytes(StandardCharsets.UTF_8))).texts())
        .containsExactly("text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n\t ", "\f\f \f"})
  void refusesACorpusWithoutText(String text) throws IOException {
    Path file = file(text.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> Corpus.read(file))
        .isInstanceOfSatisfying(
            InvalidCorpusException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EMPTY))
        .hasMessage("the corpus holds no text: give it at least one document");
  }

  @ParameterizedTest
  @CsvSource({
    "61ff62, 1", // never a lead byte
    "6180, 1", // a continuation byte alone
    "61c3, 1", // cut short
    "61c328, 1", // wrong continuation
    "c0af, 0", // overlong
    "e08080, 0", // overlong
    "61eda080, 1", // a surrogate
    "f4908080, 0", // above U+10FFFF
    "c3a4e6bc, 2" // cut short after a good character
  })
  void namesTheByteThatBeginsNoUtf8Character(String hex, long offset) throws IOException {
    Path file = file(HexFormat.of().parseHex(hex));

    assertThatThrownBy(() -> Corpus.inspect(file))
        .isInstanceOfSatisfying(
            InvalidCorpusException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.NOT_UTF8);
              assertThat(e.byteOffset()).isEqualTo(offset);
            })
        .hasMessage(
            "byte %d begins no UTF-8 character: save the corpus as UTF-8".formatted(offset));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x08, 0x0B, 0x1B, 0x7F})
  void namesAControlCharacterAndItsOffset(int control) throws IOException {
    byte[] bytes = ("x".repeat(100_000) + (char) control).getBytes(StandardCharsets.UTF_8);
    Path file = file(bytes);

    assertThatThrownBy(() -> Corpus.inspect(file))
        .isInstanceOfSatisfying(
            InvalidCorpusException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.CONTROL_CHARACTER);
              assertThat(e.byteOffset()).isEqualTo(100_000);
            })
        .hasMessageStartingWith("byte 100000 is the control character 0x%02X: ".formatted(control));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void takesForUtf8WhatThePlatformTakesForIt(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] text = "aé漢😀\u07FF\uFFFF\uE000".getBytes(StandardCharsets.UTF_8);
    text[random.nextInt(text.length)] = (byte) (0x80 + random.nextInt(0x80));

    assertThat(accepts(text)).isEqualTo(platformAccepts(text));
  }

  private static boolean accepts(byte[] text) {
    try {
      TextCheck check = new TextCheck();
      check.accept(text, 0, text.length);
      check.finish();
      return true;
    } catch (InvalidCorpusException e) {
      return false;
    }
  }

  private static boolean platformAccepts(byte[] text) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("corpus.txt"), bytes);
  }
}
