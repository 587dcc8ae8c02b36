package dev.unmask.registry.query;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the next page of one search begins: after a row, named by its values of the order's keys.
 * Opaque to callers. A checksum over the search and the position tells a token of another search,
 * of an older release or of nobody; it is no secret, because a forged position only ever selects
 * among rows that the search selects anyway.
 */
public final class KeysetToken {
  private static final int CHECKSUM = 16;
  private static final String FORM = "keyset-1";

  private KeysetToken() {}

  /**
   * @param search everything that says which rows come in which order, the team included
   * @param position texts, longs, doubles and nulls
   */
  public static String encode(String search, List<@Nullable Object> position) {
    byte[] payload = write(position);
    byte[] token = Arrays.copyOf(checksum(search, payload), CHECKSUM + payload.length);
    System.arraycopy(payload, 0, token, CHECKSUM, payload.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /**
   * @param token null or empty for the first page, which has no position
   * @throws InvalidQueryException when it was not made for this search
   */
  public static @Nullable List<@Nullable Object> decode(@Nullable String token, String search) {
    if (token == null || token.isEmpty()) {
      return null;
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException broken) {
      throw new InvalidQueryException("Invalid page token, could not base64-decode");
    }
    if (bytes.length < CHECKSUM) {
      throw ofAnotherSearch();
    }
    byte[] payload = Arrays.copyOfRange(bytes, CHECKSUM, bytes.length);
    byte[] found = Arrays.copyOf(bytes, CHECKSUM);
    if (!MessageDigest.isEqual(found, checksum(search, payload))) {
      throw ofAnotherSearch();
    }
    return read(payload);
  }

  /** The answer to a token that does not fit the search. */
  public static InvalidQueryException ofAnotherSearch() {
    return new InvalidQueryException(
        "Invalid page token, it was not made by this server for this search: keep filter, order,"
            + " experiments and view as they were, or leave the token out to start again");
  }

  private static byte[] checksum(String search, byte[] payload) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((FORM + "\n" + search + "\n").getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(digest.digest(payload), CHECKSUM);
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException(absent);
    }
  }

  private static byte[] write(List<@Nullable Object> position) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Object value : position) {
        switch (value) {
          case null -> out.writeByte('n');
          case Long number -> {
            out.writeByte('l');
            out.writeLong(number);
          }
          case Double number -> {
            out.writeByte('d');
            out.writeDouble(number);
          }
          case String text -> {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.writeByte('t');
            out.writeInt(utf8.length);
            out.write(utf8);
          }
          default -> throw new IllegalArgumentException("no value of a key: " + value.getClass());
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static List<@Nullable Object> read(byte[] payload) {
    List<@Nullable Object> position = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload))) {
      for (int kind = in.read(); kind >= 0; kind = in.read()) {
        position.add(
            switch (kind) {
              case 'l' -> in.readLong();
              case 'd' -> in.readDouble();
              case 't' -> new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
              case 'n' -> null;
              default -> throw ofAnotherSearch();
            });
      }
    } catch (IOException | IllegalArgumentException broken) {
      throw ofAnotherSearch();
    }
    return Collections.unmodifiableList(position);
  }
}
