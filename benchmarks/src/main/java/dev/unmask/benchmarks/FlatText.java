package dev.unmask.benchmarks;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Texts without indentation and blank lines. The most confident characters of indented sources are
 * spaces: a greedy model of few parameters fills block after block with them, which every policy
 * does equally well and no reader would call text.
 */
final class FlatText {

  private static final Pattern GAP = Pattern.compile("[ \\t\\r]+");
  private static final Pattern LINE_END = Pattern.compile(" ?\\n[ \\n]*");

  private FlatText() {}

  static List<String> of(List<String> texts) {
    return texts.stream().map(FlatText::of).toList();
  }

  static String of(String text) {
    return LINE_END.matcher(GAP.matcher(text).replaceAll(" ")).replaceAll("\n").strip();
  }
}
