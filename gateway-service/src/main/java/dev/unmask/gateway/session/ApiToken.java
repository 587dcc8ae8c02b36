package dev.unmask.gateway.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** A caller's API token. Prints as its hash's beginning, so that no log can hold it by accident. */
public final class ApiToken {
  private static final int SHORTEST = 16;
  private static final int LONGEST = 512;

  private final String value;
  private final String hash;

  private ApiToken(String value) {
    this.value = value;
    this.hash = sha256(value);
  }

  /** Only what can be a token at all: printable ASCII without spaces, of a sane length. */
  public static Optional<ApiToken> of(String value) {
    boolean sane = value.length() >= SHORTEST && value.length() <= LONGEST;
    return sane && value.chars().allMatch(c -> c > 0x20 && c < 0x7f)
        ? Optional.of(new ApiToken(value))
        : Optional.empty();
  }

  /** The secret itself; only for the exchange at the registry and the sealed cookie. */
  String secret() {
    return value;
  }

  /** Lower-case hex SHA-256, under which everything about a token is kept. */
  public String hash() {
    return hash;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApiToken token && token.hash.equals(hash);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  @Override
  public String toString() {
    return "token " + hash.substring(0, 8);
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
