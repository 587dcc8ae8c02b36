package dev.unmask.local.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Texts to go on from.
 *
 * @param completion beginning of a text
 * @param before text before a gap
 * @param after text behind it
 */
record Prompts(String completion, String before, String after) {
  private static final Prompts JAVA =
      new Prompts(
          "    /**\n     * Returns the ",
          "    public static boolean isEmpty(final CharSequence cs) {\n        return ",
          ";\n    }\n");
  private static final int PASSAGE = 32;
  private static final int GAP = 40;

  /** For the sample corpus, or a passage from the middle of the user's own text. */
  static Prompts of(DemoSettings settings) {
    return settings.corpus().map(Prompts::from).orElse(Optional.of(JAVA)).orElse(JAVA);
  }

  private static Optional<Prompts> from(Path corpus) {
    try {
      String text = Files.readString(corpus);
      int middle = text.indexOf(' ', text.length() / 2);
      if (middle < 0 || middle + 2 * PASSAGE + GAP > text.length()) {
        return Optional.empty();
      }
      String before = text.substring(middle, middle + PASSAGE);
      int behind = middle + PASSAGE + GAP;
      return Optional.of(new Prompts(before, before, text.substring(behind, behind + PASSAGE)));
    } catch (IOException e) {
      throw new DemoFailure("cannot read " + corpus + ": " + e.getMessage(), e);
    }
  }
}
