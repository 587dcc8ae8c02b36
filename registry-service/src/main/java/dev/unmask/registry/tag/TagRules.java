package dev.unmask.registry.tag;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Limits of keys and values, as MLflow's clients rely on them. A character is one of Unicode's: one
 * that Java keeps as a pair of surrogates counts once and is never cut in two.
 */
public final class TagRules {
  public static final int KEY = 250;
  public static final int PARAM_VALUE = 6_000;
  public static final int RUN_TAG_VALUE = 8_000;
  public static final int EXPERIMENT_TAG_VALUE = 5_000;
  public static final int MODEL_TAG_VALUE = 100_000;

  private static final Pattern ALLOWED =
      Pattern.compile("[/\\w.\\- :]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern NOT_A_PLAIN_PATH = Pattern.compile("^/|/$|//|(^|/)\\.{1,2}(/|$)");

  private TagRules() {}

  /**
   * Keys look like relative paths, because tools group them by their folders.
   *
   * @param field the field as the caller wrote it, for instance {@code metrics[3].key}
   * @throws UnmaskException when the key has a character, form or length that is not allowed
   */
  public static String key(String field, String key) {
    if (key.isEmpty() || characters(key) > KEY) {
      throw invalid(field, "must have 1 to " + KEY + " characters, has " + characters(key));
    }
    if (!ALLOWED.matcher(key).matches()) {
      throw invalid(
          field,
          "may hold letters, digits, underscores, dashes, periods, spaces, colons and slashes, was '"
              + key
              + "'");
    }
    if (NOT_A_PLAIN_PATH.matcher(key).find()) {
      throw invalid(field, "must be a plain relative path, was '" + key + "'");
    }
    return key;
  }

  /** Longer values of params and run tags are cut, not refused: clients rely on it. */
  public static String cut(String value, int limit) {
    return characters(value) <= limit
        ? value
        : value.substring(0, value.offsetByCodePoints(0, limit));
  }

  /**
   * @throws UnmaskException when the text is longer
   */
  public static String atMost(String field, String value, int limit) {
    int characters = characters(value);
    if (characters > limit) {
      throw invalid(field, "must have at most " + limit + " characters, has " + characters);
    }
    return value;
  }

  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  private static UnmaskException invalid(String field, String message) {
    return new UnmaskException(
        ErrorCode.INVALID_REQUEST,
        "Invalid value for parameter '" + field + "': " + message,
        List.of(new FieldFault(field, message)));
  }
}
