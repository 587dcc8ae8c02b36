package dev.unmask.registry.artifact;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * The name of an artifact within its run or logged model: segments joined by {@code /}. It is
 * looked up in the database and never becomes a path of the file system; what looks like an attack
 * is refused all the same, because downloads write these names to disk.
 */
public record ArtifactPath(String value) {
  private static final int LONGEST = 1_000;

  /** An index of the database holds whole paths, and a page of it not much more than this. */
  private static final int MOST_BYTES = 2_500;

  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "[\\p{Cc}\\\\#?;%:]"
              // look like separators
              + "|[\\u2044\\u2215\\u2216\\u29F5\\u29F8\\u29F9\\uFE68\\uFF0F\\uFF3C]"
              // break lines or turn the direction in which a name is read
              + "|[\\u2028\\u2029\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]"
              // what bytes that are no UTF-8 are decoded to, and halves of characters
              + "|\\uFFFD|\\p{Cs}");

  /**
   * @throws UnmaskException INVALID_REQUEST with the message {@code Invalid path}
   */
  public ArtifactPath {
    if (value.isEmpty()
        || value.length() > LONGEST
        || FORBIDDEN.matcher(value).find()
        || value.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw invalid();
    }
    for (String segment : value.split("/", -1)) {
      if (segment.isBlank() || isDots(segment)) {
        throw invalid();
      }
    }
  }

  /** Also of characters that file systems and tools may turn into dots. */
  private static boolean isDots(String segment) {
    String plain = Normalizer.normalize(segment, Normalizer.Form.NFKC);
    return plain.equals(".") || plain.equals("..");
  }

  /** The last segment. */
  public String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  private static UnmaskException invalid() {
    return new UnmaskException(ErrorCode.INVALID_REQUEST, "Invalid path");
  }
}
