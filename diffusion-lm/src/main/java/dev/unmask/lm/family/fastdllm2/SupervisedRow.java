package dev.unmask.lm.family.fastdllm2;

import dev.unmask.lm.packing.AnswerSpan;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A row of tokens to train on.
 *
 * @param tokens clean ids
 * @param supervised which of them are learned, the others are never masked
 */
public record SupervisedRow(int[] tokens, BitSet supervised) {
  public SupervisedRow {
    if (supervised.length() > tokens.length) {
      throw new IllegalArgumentException(
          "supervised up to %d of %d tokens".formatted(supervised.length(), tokens.length));
    }
  }

  /** Every token supervised. */
  static SupervisedRow all(int[] tokens) {
    BitSet all = new BitSet();
    all.set(0, tokens.length);
    return new SupervisedRow(tokens, all);
  }

  /**
   * A prompt and its answer, which is supervised.
   *
   * @param columns length of the row; the rest of it are mask tokens, not supervised
   */
  static SupervisedRow ofAnswer(int[] tokens, AnswerSpan answer, int columns, int maskId) {
    int[] row = Arrays.copyOf(tokens, columns);
    Arrays.fill(row, answer.end(), columns, maskId);
    BitSet supervised = new BitSet();
    supervised.set(answer.start(), answer.end());
    return new SupervisedRow(row, supervised);
  }

  /**
   * Filled up to whole blocks with mask tokens that are not supervised; by a whole block if it was
   * of whole blocks already, so that a text always ends before a block does.
   */
  public SupervisedRow paddedToBlocks(int blockSize, int maskId) {
    int padding = blockSize - tokens.length % blockSize;
    int[] padded = Arrays.copyOf(tokens, tokens.length + padding);
    Arrays.fill(padded, tokens.length, padded.length, maskId);
    return new SupervisedRow(padded, supervised);
  }
}
