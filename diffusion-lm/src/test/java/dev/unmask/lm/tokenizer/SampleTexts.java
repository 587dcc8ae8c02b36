package dev.unmask.lm.tokenizer;

import java.util.List;
import java.util.SplittableRandom;

/** Texts to train a small tokenizer on, and texts that are hard to tokenise. */
final class SampleTexts {

  private static final String CODE =
      """
      /** Returns the number of tokens in the string, or zero when there is none. */
      public static int countTokens(String string) {
          int count = 0;
          for (int i = 0; i < string.length(); i++) {
              if (string.charAt(i) == ' ') {
                  count++;
              }
          }
          return count;
      }
      """;
  private static final String PROSE =
      """
      It's the reader's turn: they'll say we've read what I'd written, and you're sure that
      nothing isn't there. In 2024 the 365 days of the year didn't pass any slower than in 1999.
      """;
  private static final String UNICODE = "Größe, naïve café — 漢字かな交じり文 😀👩‍👩‍👧 Ωμέγα नमस्ते\n";

  private static final String[] PARTS = {
    "the", " token", "'s", "'ll", "'", " ", "  ", "\n", "\n\n", "\t", "\r\n", "\u00A0", "\u2003",
    "\u3000", "\u0085", "é", "漢字", "😀", "\u200D", "12", "½", "Ⅷ", "٣", "_", "--", "::", "\u0301",
    "A", "ß", "\u0000", "\u001C", "𝔘", "ǅ", "ª", "\uFEFF", "==", "}", "\"", "ʼ", "\uE000"
  };

  private SampleTexts() {}

  static List<String> trainingTexts() {
    return List.of(CODE.repeat(3), PROSE.repeat(3), UNICODE.repeat(3));
  }

  static List<String> variedTexts() {
    return List.of(
        CODE,
        PROSE,
        UNICODE,
        "",
        " ",
        "  \n\n  x",
        "   leading and trailing   ",
        "tabs\t\t\tand\r\n\r\nlines",
        "it's we'll I'd 'sup ''s ' s 'S 'r 've 'l",
        "non\u00A0breaking\u2003em\u3000ideographic\u0085next\u2028line",
        "e\u0301 ½ Ⅷ ٣ 1,234.56e-7 0xFF",
        "a-b--c---d====>",
        "\u001C\u001D\u001E\u001F\u000B\u0000\u007F",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \uD83C\uDDE9\uD83C\uDDEA",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  }

  static String random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return text.toString();
  }
}
