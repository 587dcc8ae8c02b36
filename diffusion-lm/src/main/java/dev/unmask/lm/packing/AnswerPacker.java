package dev.unmask.lm.packing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts each prompt and its answer into a row of its own, ended and filled up by end-of-text ids.
 * Examples that do not fit are left out, never cut: a cut answer would teach to stop in
 * mid-sentence, a cut prompt to answer another question.
 */
public final class AnswerPacker {
  private final int length;
  private final int endOfText;
  private final List<int[]> rows = new ArrayList<>();
  private final List<AnswerSpan> answers = new ArrayList<>();
  private int leftOut;
  private int longest;

  /**
   * @param length tokens a row, at least 2
   */
  public AnswerPacker(int length, int endOfText) {
    if (length < 2) {
      throw new IllegalArgumentException("length must be at least 2, was " + length);
    }
    if (endOfText < 0) {
      throw new IllegalArgumentException(
          "answers end with an end-of-text token, the tokenizer has none: train on from another"
              + " model");
    }
    this.length = length;
    this.endOfText = endOfText;
  }

  /**
   * Adds an example.
   *
   * @param answer ids without the end-of-text id, which is put behind
   * @return whether it fits into a row
   */
  public boolean add(int[] prompt, int[] answer) {
    int end = Math.addExact(Math.addExact(prompt.length, answer.length), 1);
    longest = Math.max(longest, end);
    if (end > length) {
      leftOut++;
      return false;
    }
    int[] row = Arrays.copyOf(prompt, length);
    System.arraycopy(answer, 0, row, prompt.length, answer.length);
    Arrays.fill(row, end - 1, length, endOfText);
    rows.add(row);
    answers.add(new AnswerSpan(prompt.length, end));
    return true;
  }

  /** Examples that fit. */
  public int count() {
    return rows.size();
  }

  /** Examples that do not. */
  public int leftOut() {
    return leftOut;
  }

  /** Tokens of all answers that fit, the end-of-text id of each counted. */
  public long answerTokens() {
    return answers.stream().mapToLong(AnswerSpan::length).sum();
  }

  /**
   * The rows of the examples that fit, in the order in which they came.
   *
   * @throws CorpusTooSmallException if none fits; names the tokens of the longest
   */
  public PackedSequences pack() {
    if (rows.isEmpty()) {
      throw CorpusTooSmallException.ofExamples(longest, length);
    }
    return PackedSequences.ofAnswers(rows.toArray(int[][]::new), answers, endOfText);
  }
}
