package dev.unmask.training.corpus;

import java.util.Locale;

/** What a corpus holds. */
public enum CorpusKind {
  /** Documents, to be learned as they are. */
  TEXT,
  /** Prompts and answers. */
  PROMPT_ANSWER,
  /** Conversations, which a chat template writes. */
  MESSAGES;

  /** As callers see it, such as {@code prompt-answer}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static CorpusKind of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
