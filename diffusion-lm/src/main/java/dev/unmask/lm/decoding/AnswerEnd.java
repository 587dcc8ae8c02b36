package dev.unmask.lm.decoding;

import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.Set;

/**
 * Which tokens end an answer, and what is still computed then.
 *
 * @param tokens ids that end it
 * @param fillsBlock whether the block that holds the end is filled and stored first, as published
 *     loops do which look for an end between two blocks; otherwise nothing is computed behind it
 */
public record AnswerEnd(Set<Integer> tokens, boolean fillsBlock) {
  public AnswerEnd {
    tokens = Set.copyOf(tokens);
  }

  /** The tokenizer's end of text, at once. */
  public static AnswerEnd of(Tokenizer tokenizer) {
    return at(tokenizer.endOfText());
  }

  /** Any of these tokens, at once. */
  public static AnswerEnd at(Integer... tokens) {
    return new AnswerEnd(Set.of(tokens), false);
  }
}
