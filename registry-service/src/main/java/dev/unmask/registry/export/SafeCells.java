package dev.unmask.registry.export;

import java.util.regex.Pattern;

/**
 * Keeps spreadsheets from taking what somebody logged for a formula: such texts get an apostrophe
 * in front, as OWASP advises. What is a number stays one.
 */
final class SafeCells {
  private static final String STARTS = "=+-@\t\r\n";

  /** Spreadsheets also look behind blanks, and take the full-width forms for the same. */
  private static final String WIDE_STARTS = "\uFF1D\uFF0B\uFF0D\uFF20";

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d{1,400}(\\.\\d{0,400})?|\\.\\d{1,400})([eE][+-]?\\d{1,5})?");

  private SafeCells() {}

  static String guarded(String text) {
    String stripped = text.stripLeading();
    boolean startsOne =
        !text.isEmpty() && isStart(text.charAt(0))
            || !stripped.isEmpty() && isStart(stripped.charAt(0));
    return startsOne && !NUMBER.matcher(text).matches() ? "'" + text : text;
  }

  private static boolean isStart(char first) {
    return STARTS.indexOf(first) >= 0 || WIDE_STARTS.indexOf(first) >= 0;
  }
}
