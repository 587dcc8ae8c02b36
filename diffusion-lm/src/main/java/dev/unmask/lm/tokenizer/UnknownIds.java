package dev.unmask.lm.tokenizer;

/**
 * Refuses ids a tokenizer does not have, so that a wrong model and tokenizer pair shows at once.
 */
final class UnknownIds {

  private UnknownIds() {}

  static void check(int id, Tokenizer tokenizer) {
    check(id, tokenizer.maskId());
  }

  static void check(int id, int highest) {
    if (id < 0 || id > highest) {
      throw new IllegalArgumentException(
          "token id must be in [0, %d], was %d".formatted(highest, id));
    }
  }
}
