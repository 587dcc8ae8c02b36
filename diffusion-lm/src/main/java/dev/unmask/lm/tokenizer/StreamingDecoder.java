package dev.unmask.lm.tokenizer;

/**
 * Text of a growing sequence of tokens. A token may end within a character: its bytes wait here
 * until the rest arrives. All parts together are what {@link Tokenizer#decode} makes of all ids.
 * For one thread at a time.
 */
public interface StreamingDecoder {

  /**
   * Adds tokens.
   *
   * @return the characters that are complete now, possibly none
   * @throws IllegalArgumentException if the tokenizer does not have an id
   */
  String append(int... ids);

  /** The sequence has ended: a character that stayed incomplete comes out as U+FFFD. */
  String finish();
}
