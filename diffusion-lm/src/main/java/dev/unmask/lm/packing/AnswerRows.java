package dev.unmask.lm.packing;

import java.util.Arrays;
import java.util.List;

/**
 * A batch of prompts and answers: one example a row, padded by end-of-text ids to the longest of
 * the batch.
 *
 * @param tokens clean ids {@code [B][L]}
 * @param answers where the answer of each row stands
 */
public record AnswerRows(int[][] tokens, List<AnswerSpan> answers) {
  public AnswerRows {
    answers = List.copyOf(answers);
    if (tokens.length == 0 || tokens.length != answers.size()) {
      throw new IllegalArgumentException(
          "needs an answer in each row and one row at least, got %d rows and %d answers"
              .formatted(tokens.length, answers.size()));
    }
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i].length != tokens[0].length || answers.get(i).end() > tokens[i].length) {
        throw new IllegalArgumentException(
            "row %d of %d tokens must be as long as the first and hold its answer, which ends at %d"
                .formatted(i, tokens[i].length, answers.get(i).end()));
      }
    }
  }

  /** Text without prompts: every token of a row is learned. */
  public static AnswerRows whole(int[][] clean) {
    return new AnswerRows(
        clean, Arrays.stream(clean).map(row -> new AnswerSpan(0, row.length)).toList());
  }

  /** Rows of any length, cut behind the longest answer. */
  static AnswerRows cut(int[][] rows, List<AnswerSpan> answers) {
    int longest = answers.stream().mapToInt(AnswerSpan::end).max().orElse(0);
    int[][] cut = Arrays.stream(rows).map(row -> Arrays.copyOf(row, longest)).toArray(int[][]::new);
    return new AnswerRows(cut, answers);
  }

  /** B. */
  public int count() {
    return tokens.length;
  }

  /** L. */
  public int length() {
    return tokens[0].length;
  }

  /** Tokens of all answers, padding not counted. */
  public int answerTokens() {
    return answers.stream().mapToInt(AnswerSpan::length).sum();
  }
}
