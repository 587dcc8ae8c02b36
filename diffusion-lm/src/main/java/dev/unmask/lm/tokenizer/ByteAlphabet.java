package dev.unmask.lm.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * GPT-2's printable stand-ins for the 256 bytes: printable Latin-1 characters stand for themselves,
 * every other byte for a character from U+0100 on, in byte order. {@code tokenizer.json} spells
 * tokens this way.
 */
final class ByteAlphabet {

  private static final char[] CHARACTERS = new char[256];
  private static final short[] BYTES = new short[256 + 256];

  static {
    Arrays.fill(BYTES, (short) -1);
    char next = 256;
    for (int value = 0; value < 256; value++) {
      CHARACTERS[value] = standsForItself(value) ? (char) value : next++;
      BYTES[CHARACTERS[value]] = (short) value;
    }
  }

  private ByteAlphabet() {}

  private static boolean standsForItself(int value) {
    return (value >= '!' && value <= '~')
        || (value >= 0xA1 && value <= 0xAC)
        || (value >= 0xAE && value <= 0xFF);
  }

  static String spell(byte[] bytes) {
    char[] spelled = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      spelled[i] = CHARACTERS[bytes[i] & 0xFF];
    }
    return new String(spelled);
  }

  /**
   * @throws IllegalArgumentException if a character stands for no byte
   */
  static byte[] bytes(String spelled) {
    byte[] bytes = bytesOrNull(spelled);
    if (bytes == null) {
      int character = spelled.chars().filter(c -> !standsForAByte(c)).findFirst().orElseThrow();
      throw new IllegalArgumentException(
          "\"%s\" holds U+%04X, which stands for no byte".formatted(spelled, character));
    }
    return bytes;
  }

  /** As {@link #bytes}, null if a character stands for no byte. */
  static byte @Nullable [] bytesOrNull(String spelled) {
    byte[] bytes = new byte[spelled.length()];
    for (int i = 0; i < bytes.length; i++) {
      char character = spelled.charAt(i);
      if (!standsForAByte(character)) {
        return null;
      }
      bytes[i] = (byte) BYTES[character];
    }
    return bytes;
  }

  private static boolean standsForAByte(int character) {
    return character < BYTES.length && BYTES[character] >= 0;
  }
}
