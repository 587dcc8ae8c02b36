package dev.unmask.registry.query;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the next page begins; opaque to callers. */
public record PageToken(long offset) {
  private static final Pattern FORM = Pattern.compile("\\{\"offset\": (\\d{1,15})}");

  /**
   * @param text null or empty for the first page
   * @throws InvalidQueryException when it is none of ours
   */
  public static PageToken parse(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return new PageToken(0);
    }
    String plain;
    try {
      plain = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      throw new InvalidQueryException("Invalid page token, could not base64-decode");
    }
    Matcher form = FORM.matcher(plain);
    if (!form.matches()) {
      throw new InvalidQueryException("Invalid page token, it was not made by this server");
    }
    return new PageToken(Long.parseLong(form.group(1)));
  }

  public String encoded() {
    String plain = "{\"offset\": " + offset + "}";
    return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }
}
