package dev.unmask.lm.tokenizer;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The expressions by which published tokenizers cut text into pieces. Others are refused: the
 * native library ends the process when an expression backtracks too long, so an expression from a
 * downloaded file must be one whose cost is known.
 */
final class SplitExpression {

  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

  /** Stands for one number or for groups of up to nine digits. */
  private static final String NUMBER = "\\p{N}";

  /** GPT-2; Llama 3, LLaDA, Qwen2 and later; the same with case split (GPT-4o, Llama 4). */
  private static final List<String> PUBLISHED =
      List.of(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          CONTRACTIONS
              + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
              + NUMBER
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          "[^\\r\\n\\p{L}\\p{N}]?"
              + UPPER
              + "*"
              + LOWER
              + "+"
              + CONTRACTIONS
              + "?|[^\\r\\n\\p{L}\\p{N}]?"
              + UPPER
              + "+"
              + LOWER
              + "*"
              + CONTRACTIONS
              + "?|"
              + NUMBER
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

  private static final Pattern KNOWN =
      Pattern.compile(
          PUBLISHED.stream()
              .map(SplitExpression::withDigitGroups)
              .collect(Collectors.joining("|")));

  private SplitExpression() {}

  static boolean isKnown(String expression) {
    return KNOWN.matcher(expression).matches();
  }

  private static String withDigitGroups(String expression) {
    return Pattern.quote(expression)
        .replace("|" + NUMBER + "|", "|" + NUMBER + "\\E(?:\\{1,[1-9]\\})?\\Q|");
  }
}
