package dev.unmask.lm.evaluation;

import dev.unmask.lm.backbone.BackboneConfig;

/** What may be scored. */
final class ScoredText {
  private ScoredText() {}

  static void check(BackboneConfig model, int[] tokens, int from) {
    if (from < 0 || from >= tokens.length) {
      throw new IllegalArgumentException(
          "first scored token must be in [0, " + tokens.length + "), was " + from);
    }
    if (tokens.length > model.contextLength()) {
      throw new IllegalArgumentException(
          "text has %d tokens, the model's context holds %d"
              .formatted(tokens.length, model.contextLength()));
    }
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] >= model.vocabularySize() || tokens[i] == model.maskId()) {
        throw new IllegalArgumentException(
            "token at %d must be in the vocabulary and not the mask, was %d"
                .formatted(i, tokens[i]));
      }
    }
  }
}
