package dev.unmask.lm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BytePairTokenizerTest {

  private static final BytePairTokenizer TOKENIZER =
      BytePairTrainer.train(SampleTexts.trainingTexts(), 400);

  @TempDir Path directory;

  static List<String> texts() {
    return SampleTexts.variedTexts();
  }

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void tokenisesAsTheHuggingFaceLibraryDoes(String text) throws IOException {
    TOKENIZER.save(directory);

    try (HuggingFaceTokenizer reference = HuggingFaceTokenizer.newInstance(directory)) {
      assertThat(TOKENIZER.encode(text)).isEqualTo(ids(reference.encode(text).getIds()));
      assertThat(TOKENIZER.decode(TOKENIZER.encode(text)))
          .isEqualTo(reference.decode(reference.encode(text).getIds()));
    }
  }

  @Test
  void tokenisesRandomTextAsTheHuggingFaceLibraryDoes() throws IOException {
    TOKENIZER.save(directory);

    try (HuggingFaceTokenizer reference = HuggingFaceTokenizer.newInstance(directory)) {
      seeds()
          .mapToObj(SampleTexts::random)
          .forEach(
              text ->
                  assertThat(TOKENIZER.encode(text))
                      .as("%s", text)
                      .isEqualTo(ids(reference.encode(text).getIds())));
    }
  }

  @Test
  void showsTheHuggingFaceLibraryTheSpecialTokensAsItsLastIds() throws IOException {
    TOKENIZER.save(directory);

    try (HuggingFaceTokenizer reference = HuggingFaceTokenizer.newInstance(directory)) {
      assertThat(reference.encode("<|endoftext|><|mask|>").getIds())
          .containsExactly(TOKENIZER.endOfText(), TOKENIZER.maskId());
    }
  }

  @ParameterizedTest
  @MethodSource("texts")
  void decodesToTheVeryTextItEncoded(String text) {
    assertThat(TOKENIZER.decode(TOKENIZER.encode(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decodesToTheVeryRandomTextItEncoded(long seed) {
    String text = SampleTexts.random(seed);

    assertThat(TOKENIZER.decode(TOKENIZER.encode(text))).isEqualTo(text);
  }

  @Test
  void readsBackWhatItSaved() {
    TOKENIZER.save(directory);

    Tokenizer loaded = Tokenizers.load(directory);

    assertThat(loaded).isInstanceOf(BytePairTokenizer.class);
    assertThat(loaded.vocabularySize()).isEqualTo(400);
    assertThat(loaded.maskId()).isEqualTo(400);
    for (String text : texts()) {
      assertThat(loaded.encode(text)).isEqualTo(TOKENIZER.encode(text));
    }
  }

  @Test
  void takesNamesOfSpecialTokensInAPromptForOrdinaryText() {
    int[] ids = TOKENIZER.encode("a<|endoftext|>b<|mask|>");

    assertThat(ids).doesNotContain(TOKENIZER.endOfText(), TOKENIZER.maskId());
    assertThat(TOKENIZER.decode(ids)).isEqualTo("a<|endoftext|>b<|mask|>");
  }

  @Test
  void leavesSpecialTokensOutOfDecodedText() {
    int[] ids = {TOKENIZER.maskId(), 'x', TOKENIZER.endOfText()};

    assertThat(TOKENIZER.decode(ids)).isEqualTo("x");
  }

  @Test
  void namesAnIdItDoesNotHave() {
    assertThatThrownBy(() -> TOKENIZER.decode(new int[] {401}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token id must be in [0, 400], was 401");
  }

  @Test
  void encodesAMegabyteWithoutABreakInReasonableTime() {
    String dashes = "-".repeat(1 << 20);

    assertThat(TOKENIZER.decode(TOKENIZER.encode(dashes))).isEqualTo(dashes);
  }

  @Test
  void givesEveryThreadTheSameTokens() {
    String text = String.join("\n", SampleTexts.trainingTexts());
    BytePairTokenizer fresh = BytePairTrainer.train(SampleTexts.trainingTexts(), 400);

    List<int[]> encoded =
        IntStream.range(0, 8).parallel().mapToObj(thread -> fresh.encode(text)).toList();

    assertThat(encoded).allSatisfy(ids -> assertThat(ids).isEqualTo(TOKENIZER.encode(text)));
  }

  @Test
  void streamsTextWithoutEverSplittingACharacter() {
    Tokenizer bytes = new ByteTokenizer();
    StreamingDecoder decoder = bytes.stream();
    StringBuilder streamed = new StringBuilder();

    for (int id : bytes.encode("größer 😀 漢字")) {
      String part = decoder.append(id);
      assertThat(part).doesNotContain("\uFFFD");
      streamed.append(part);
    }

    assertThat(streamed.append(decoder.finish())).hasToString("größer 😀 漢字");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void streamsAnyBytesAsTheyDecodeAtOnce(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] ids = random.ints(200, 0, TOKENIZER.vocabularySize()).toArray();
    StreamingDecoder decoder = TOKENIZER.stream();
    StringBuilder streamed = new StringBuilder();

    for (int at = 0; at < ids.length; ) {
      int end = Math.min(ids.length, at + 1 + random.nextInt(5));
      streamed.append(decoder.append(Arrays.copyOfRange(ids, at, end)));
      at = end;
    }

    assertThat(streamed.append(decoder.finish())).hasToString(TOKENIZER.decode(ids));
  }

  @Test
  void makesAReplacementCharacterOfBytesThatAreNotUtf8() {
    StreamingDecoder decoder = new ByteTokenizer().stream();

    assertThat(decoder.append(0xC3)).isEmpty();
    assertThat(decoder.finish()).isEqualTo("\uFFFD");
  }

  @Test
  void savesBytesAsABpeWithoutMergesThatTheHuggingFaceLibraryReads() throws IOException {
    Tokenizer bytes = new ByteTokenizer();
    bytes.save(directory);

    assertThat(Tokenizers.load(directory)).isInstanceOf(ByteTokenizer.class);
    try (HuggingFaceTokenizer reference = HuggingFaceTokenizer.newInstance(directory)) {
      for (String text : texts()) {
        assertThat(bytes.encode(text)).isEqualTo(ids(reference.encode(text).getIds()));
      }
    }
    assertThat(bytes.encode("ä")).containsExactly(0xC3, 0xA4);
    assertThat(new String(bytes.decodeBytes(bytes.encode("ä")), StandardCharsets.UTF_8))
        .isEqualTo("ä");
    assertThat(bytes.maskId()).isEqualTo(257);
  }

  @Test
  void leavesNoUnfinishedFileBeside() throws IOException {
    TOKENIZER.save(directory);
    TOKENIZER.save(directory);

    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(directory.resolve("tokenizer.json"));
    }
  }

  private static int[] ids(long[] ids) {
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }
}
