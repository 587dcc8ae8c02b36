package dev.unmask.lm.tokenizer;

/**
 * Cuts a text into the pieces that merges never cross, as GPT-2's expression does: {@code
 * 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}. Written as a scanner
 * because it is the hot path of encoding: java.util.regex takes about five times as long.
 */
final class PreTokenizer {

  private static final byte SPACE = 0;
  private static final byte LETTER = 1;
  private static final byte NUMBER = 2;
  private static final byte OTHER = 3;

  private static final byte[] KIND_OF_LATIN = new byte[256];

  static {
    for (int codePoint = 0; codePoint < KIND_OF_LATIN.length; codePoint++) {
      KIND_OF_LATIN[codePoint] = kindOf(codePoint);
    }
  }

  private PreTokenizer() {}

  /**
   * Where the piece that starts at {@code start} ends.
   *
   * @param start in [0, text.length())
   * @return in (start, text.length()]
   */
  static int pieceEnd(String text, int start) {
    char first = text.charAt(start);
    if (first == '\'') {
      int end = contractionEnd(text, start);
      if (end > start) {
        return end;
      }
    }
    int body = first == ' ' && start + 1 < text.length() ? start + 1 : start;
    byte kind = kindAt(text, body);
    return kind == SPACE ? spacesEnd(text, start) : runEnd(text, body, kind);
  }

  /** A run of spaces leaves its last one to the piece that follows. */
  private static int spacesEnd(String text, int start) {
    int end = runEnd(text, start, SPACE);
    return end < text.length() && end - start > 1 ? end - 1 : end;
  }

  private static int runEnd(String text, int start, byte kind) {
    int end = start;
    while (end < text.length() && kindAt(text, end) == kind) {
      end += Character.isHighSurrogate(text.charAt(end)) ? codePointLength(text, end) : 1;
    }
    return end;
  }

  private static int codePointLength(String text, int index) {
    return Character.charCount(text.codePointAt(index));
  }

  private static int contractionEnd(String text, int start) {
    if (start + 1 == text.length()) {
      return start;
    }
    return switch (text.charAt(start + 1)) {
      case 's', 't', 'm', 'd' -> start + 2;
      case 'r', 'v' -> follows(text, start + 2, 'e') ? start + 3 : start;
      case 'l' -> follows(text, start + 2, 'l') ? start + 3 : start;
      default -> start;
    };
  }

  private static boolean follows(String text, int index, char expected) {
    return index < text.length() && text.charAt(index) == expected;
  }

  private static byte kindAt(String text, int index) {
    char unit = text.charAt(index);
    return unit < KIND_OF_LATIN.length ? KIND_OF_LATIN[unit] : kindOf(text.codePointAt(index));
  }

  private static byte kindOf(int codePoint) {
    if (isWhiteSpace(codePoint)) {
      return SPACE;
    }
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      default -> OTHER;
    };
  }

  /**
   * Unicode's White_Space property; {@link Character#isWhitespace} leaves out U+0085 and U+00A0.
   */
  private static boolean isWhiteSpace(int codePoint) {
    return (codePoint >= 0x09 && codePoint <= 0x0D)
        || codePoint == 0x85
        || Character.isSpaceChar(codePoint);
  }
}
