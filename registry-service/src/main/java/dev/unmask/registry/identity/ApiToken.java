package dev.unmask.registry.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.zip.CRC32;

/**
 * The secret that a caller shows: {@code umk_} ({@code ums_} in a share link), 256 random bits in
 * base64url, six characters of checksum. Prefix and checksum let scanners find leaked tokens and
 * let us refuse mistyped ones without asking the database.
 */
record ApiToken(String secret) {
  private static final String PREFIX = "umk_";
  private static final String SHARE_PREFIX = "ums_";
  private static final int RANDOM_CHARACTERS = 43;
  private static final int CHECKSUM_CHARACTERS = 6;
  private static final int LENGTH = PREFIX.length() + RANDOM_CHARACTERS + CHECKSUM_CHARACTERS;
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  static ApiToken random(SecureRandom random) {
    return random(PREFIX, random);
  }

  /** The secret of a share link. */
  static ApiToken randomShare(SecureRandom random) {
    return random(SHARE_PREFIX, random);
  }

  private static ApiToken random(String prefix, SecureRandom random) {
    byte[] bits = new byte[32];
    random.nextBytes(bits);
    String body = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    return new ApiToken(prefix + body + checksum(body));
  }

  /** False only for what can't be one of our tokens; configured secrets may look like anything. */
  boolean plausible() {
    if (!secret.startsWith(PREFIX) && !secret.startsWith(SHARE_PREFIX)) {
      return true;
    }
    if (secret.length() != LENGTH) {
      return false;
    }
    int end = PREFIX.length() + RANDOM_CHARACTERS;
    return checksum(secret.substring(PREFIX.length(), end)).equals(secret.substring(end));
  }

  /**
   * What is stored and looked up: a lookup by hash tells a timing attacker nothing of the token.
   */
  byte[] sha256() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Enough to recognise the token in a list. */
  String hint() {
    return secret.substring(0, Math.min(8, secret.length() / 4));
  }

  /** Never the secret: records print their components. */
  @Override
  public String toString() {
    return "ApiToken[" + hint() + "...]";
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    long rest = crc.getValue();
    char[] digits = new char[CHECKSUM_CHARACTERS];
    for (int i = digits.length - 1; i >= 0; i--) {
      digits[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
      rest /= DIGITS.length();
    }
    return new String(digits);
  }
}
