package dev.unmask.registry.imports;

import java.util.Locale;

/** What an import looks at one after the other. */
final class Step {
  private Step() {}

  /** The kinds of things that are brought. */
  enum Kind {
    EXPERIMENT,
    RUN,
    ARTIFACTS,
    MODEL,
    VERSION,
    ALIAS;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
