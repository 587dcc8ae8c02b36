package dev.unmask.lm.corpus;

import java.util.List;
import java.util.Locale;

/** The comments at the head of a source file that speak of a licence or of copyright. */
final class LicenceHeader {

  private record BlockComment(String open, String close) {}

  private static final List<BlockComment> BLOCK_COMMENTS =
      List.of(
          new BlockComment("/*", "*/"),
          new BlockComment("<!--", "-->"),
          new BlockComment("(*", "*)"));
  private static final List<String> LINE_COMMENTS = List.of("//", "#", ";");

  private LicenceHeader() {}

  /** The text without its leading licence comments; any other first comment stays. */
  static String strip(String text) {
    String rest = text.startsWith("\uFEFF") ? text.substring(1) : text;
    while (true) {
      String begun = rest.stripLeading();
      int end = commentEnd(begun);
      if (end == 0 || !speaksOfLicence(begun.substring(0, end))) {
        return begun;
      }
      rest = begun.substring(end);
    }
  }

  private static int commentEnd(String text) {
    for (BlockComment comment : BLOCK_COMMENTS) {
      if (text.startsWith(comment.open)) {
        int close = text.indexOf(comment.close, comment.open.length());
        return close < 0 ? 0 : close + comment.close.length();
      }
    }
    return LINE_COMMENTS.stream()
        .filter(text::startsWith)
        .findFirst()
        .map(marker -> lineCommentsEnd(text, marker))
        .orElse(0);
  }

  private static int lineCommentsEnd(String text, String marker) {
    int end = 0;
    while (text.startsWith(marker, end)) {
      int lineEnd = text.indexOf('\n', end);
      if (lineEnd < 0) {
        return text.length();
      }
      end = lineEnd + 1;
    }
    return end;
  }

  private static boolean speaksOfLicence(String comment) {
    String lower = comment.toLowerCase(Locale.ROOT);
    return lower.contains("licen") || lower.contains("copyright");
  }
}
