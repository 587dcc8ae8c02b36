package dev.unmask.lm.family.sdar;

import dev.unmask.lm.packing.AnswerSpan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Samples packed one behind the other into a row of L tokens.
 *
 * @param tokens clean ids
 * @param supervised which of them are learned, the others are never masked
 * @param samples lengths, summing to L; padding behind them is one more sample
 */
public record PackedRow(int[] tokens, BitSet supervised, List<Integer> samples) {
  public PackedRow {
    samples = List.copyOf(samples);
    int length = samples.stream().mapToInt(Integer::intValue).sum();
    if (length != tokens.length || supervised.length() > tokens.length) {
      throw new IllegalArgumentException(
          "samples of %d tokens in a row of %d, supervised up to %d"
              .formatted(length, tokens.length, supervised.length()));
    }
  }

  /** A row of documents, each ended by a token, every token supervised. */
  static PackedRow ofDocuments(int[] tokens, int endOfText) {
    List<Integer> lengths = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] == endOfText || i == tokens.length - 1) {
        lengths.add(i + 1 - start);
        start = i + 1;
      }
    }
    BitSet all = new BitSet();
    all.set(0, tokens.length);
    return new PackedRow(tokens, all, lengths);
  }

  /** A prompt, its answer and padding; the answer is supervised. */
  static PackedRow ofAnswer(int[] tokens, AnswerSpan answer) {
    BitSet supervised = new BitSet();
    supervised.set(answer.start(), answer.end());
    int padding = tokens.length - answer.end();
    return new PackedRow(
        tokens, supervised, padding == 0 ? List.of(answer.end()) : List.of(answer.end(), padding));
  }

  /** L. */
  int length() {
    return tokens.length;
  }

  /** Position of each token in its sample. */
  int[] positions() {
    int[] positions = new int[tokens.length];
    int at = 0;
    for (int length : samples) {
      for (int i = 0; i < length; i++) {
        positions[at++] = i;
      }
    }
    return positions;
  }
}
