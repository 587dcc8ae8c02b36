package dev.unmask.lm.tokenizer;

/**
 * Refuses ids a tokenizer does not have, so that a wrong model and tokenizer pair shows at once.
 */
final class UnknownIds {

  private UnknownIds() {}

  static void check(int id, Tokenizer tokenizer) {
    if (id < 0 || id > tokenizer.maskId()) {
      throw new IllegalArgumentException(
          "token id must be in [0, %d], was %d".formatted(tokenizer.maskId(), id));
    }
  }
}
