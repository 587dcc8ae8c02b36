package dev.unmask.lm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.tokenizer.BytePairVocabulary.Merge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BytePairTrainerTest {

  @TempDir Path directory;

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @Test
  void mergesTheMostFrequentPairFirst() {
    BytePairTokenizer tokenizer = BytePairTrainer.train(List.of("abab cabab"), 259);

    assertThat(tokenizer.encode("abab")).containsExactly(257);
    assertThat(tokenizer.decode(new int[] {256})).isEqualTo("ab");
  }

  @Test
  void givesEqualCountsToTheLowerIds() {
    BytePairTokenizer tokenizer = BytePairTrainer.train(List.of("zy zy", "xw,xw"), 258);

    assertThat(tokenizer.decode(new int[] {256})).isEqualTo("xw");
  }

  @Test
  void stopsWhenNoPairOccursTwice() {
    BytePairTokenizer tokenizer = BytePairTrainer.train(List.of("abcdef"), 1000);

    assertThat(tokenizer.vocabularySize()).isEqualTo(257);
  }

  @Test
  void learnsTheSameFromTheSameTextInAnotherOrder() throws IOException {
    List<String> texts = SampleTexts.trainingTexts();
    BytePairTrainer.train(texts, 500).save(directory.resolve("a"));
    BytePairTrainer.train(texts.reversed(), 500).save(directory.resolve("b"));

    assertThat(Files.readString(directory.resolve("a/tokenizer.json")))
        .isEqualTo(Files.readString(directory.resolve("b/tokenizer.json")));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsTheCountsThatCountingAnewWouldGive(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      StringBuilder word = new StringBuilder(" ");
      random.ints(1 + random.nextInt(9), 'a', 'd').forEach(letter -> word.append((char) letter));
      words.add(word.toString());
    }

    BytePairTokenizer tokenizer = BytePairTrainer.train(words, 280);
    tokenizer.save(directory);

    assertThat(new TokenizerJsonReader(directory.resolve("tokenizer.json")).read().merges())
        .isEqualTo(slowly(words, 279));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 256, 65_536})
  void refusesAVocabularySizeOutOfRange(int vocabularySize) {
    assertThatThrownBy(() -> BytePairTrainer.train(List.of("text"), vocabularySize))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("vocabularySize must be in [257, 65535], was " + vocabularySize);
  }

  @Test
  void countsAPieceOfAMegabyteWithoutHarm() {
    BytePairTokenizer tokenizer = BytePairTrainer.train(List.of("=".repeat(1 << 20)), 300);

    assertThat(tokenizer.encode("=".repeat(64))).hasSize(1);
  }

  /** The definition: count all pairs anew before each merge. */
  private static List<Merge> slowly(List<String> words, int tokenCount) {
    List<List<Integer>> pieces = new ArrayList<>();
    for (String word : words) {
      List<Integer> symbols = new ArrayList<>();
      for (byte value : word.getBytes(StandardCharsets.UTF_8)) {
        symbols.add((int) value);
      }
      pieces.add(symbols);
    }
    Map<Integer, String> texts = new HashMap<>();
    for (int value = 0; value < 256; value++) {
      texts.put(value, String.valueOf((char) value));
    }
    List<Merge> merges = new ArrayList<>();
    while (texts.size() < tokenCount) {
      Map<List<Integer>, Integer> counts = new HashMap<>();
      for (List<Integer> piece : pieces) {
        for (int at = 0; at + 1 < piece.size(); at++) {
          counts.merge(List.copyOf(piece.subList(at, at + 2)), 1, Integer::sum);
        }
      }
      List<Integer> best = best(counts);
      if (best == null || counts.getOrDefault(best, 0) < 2) {
        break;
      }
      String text = texts.get(best.get(0)) + texts.get(best.get(1));
      int merged =
          texts.entrySet().stream()
              .filter(known -> known.getKey() > 255 && known.getValue().equals(text))
              .mapToInt(Map.Entry::getKey)
              .findFirst()
              .orElse(texts.size());
      texts.put(merged, text);
      Merge merge = new Merge(best.get(0), best.get(1), merged);
      if (!merges.contains(merge)) {
        merges.add(merge);
      }
      pieces.forEach(piece -> apply(piece, merge));
    }
    return merges;
  }

  private static @Nullable List<Integer> best(Map<List<Integer>, Integer> counts) {
    List<Integer> best = null;
    for (List<Integer> pair : counts.keySet()) {
      int order = best == null ? 1 : Integer.compare(count(counts, pair), count(counts, best));
      boolean lower =
          order == 0
              && best != null
              && (pair.get(0) < best.get(0)
                  || (pair.get(0).equals(best.get(0)) && pair.get(1) < best.get(1)));
      if (order > 0 || lower) {
        best = pair;
      }
    }
    return best;
  }

  private static int count(Map<List<Integer>, Integer> counts, List<Integer> pair) {
    return counts.getOrDefault(pair, 0);
  }

  private static void apply(List<Integer> piece, Merge merge) {
    for (int at = 0; at + 1 < piece.size(); at++) {
      if (piece.get(at) == merge.left() && piece.get(at + 1) == merge.right()) {
        piece.set(at, merge.merged());
        piece.remove(at + 1);
      }
    }
  }
}
