package dev.unmask.registry.series;

import dev.unmask.registry.query.InvalidQueryException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last point of a page of a history: the next page begins behind it, whatever was logged
 * meanwhile. Opaque to callers. MLflow's own tokens, and those of the release before, count points
 * from the beginning; clients may still hold some.
 *
 * @param skipped how many points behind {@code last} the page begins
 */
public record HistoryToken(Point last, long skipped) {
  private static final Pattern COUNTED = Pattern.compile("\\{\"offset\": (\\d{1,15})}");
  private static final Pattern FORM =
      Pattern.compile("\\{\"after\": \\[(-?\\d{1,19}), (-?\\d{1,19}), \"([0-9a-f]{1,16})\"]}");

  HistoryToken(Point last) {
    this(last, 0);
  }

  /**
   * @param text null or empty for the first page
   * @return null for the first page
   * @throws InvalidQueryException when it is none of ours
   */
  public static @Nullable HistoryToken parse(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    String plain;
    try {
      plain = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      throw new InvalidQueryException("Invalid page token, could not base64-decode");
    }
    Matcher counted = COUNTED.matcher(plain);
    if (counted.matches()) {
      return new HistoryToken(Point.BEFORE_ALL, Long.parseLong(counted.group(1)));
    }
    Matcher form = FORM.matcher(plain);
    try {
      if (form.matches()) {
        long bits = Long.parseUnsignedLong(form.group(3), 16);
        return new HistoryToken(
            new Point(
                Long.parseLong(form.group(2)),
                Long.parseLong(form.group(1)),
                Double.longBitsToDouble(bits)));
      }
    } catch (NumberFormatException outOfRange) {
      // as any other text that is no token
    }
    throw new InvalidQueryException("Invalid page token, it was not made by this server");
  }

  public String encoded() {
    String plain =
        "{\"after\": ["
            + last.time()
            + ", "
            + last.step()
            + ", \""
            + Long.toHexString(Double.doubleToLongBits(last.value()))
            + "\"]}";
    return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }
}
