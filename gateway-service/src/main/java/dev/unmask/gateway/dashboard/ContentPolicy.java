package dev.unmask.gateway.dashboard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page's Content-Security-Policy: own files only, and the inline import map by its hash. */
final class ContentPolicy {
  private static final Pattern IMPORT_MAP =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

  private ContentPolicy() {}

  static String of(String page) {
    Matcher map = IMPORT_MAP.matcher(page);
    String scripts = map.find() ? "'self' 'sha256-" + sha256(map.group(1)) + "'" : "'self'";
    return "default-src 'self'; script-src "
        + scripts
        + "; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self';"
        + " frame-ancestors 'none'; base-uri 'none'; object-src 'none'";
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder()
          .encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
