package dev.unmask.lm.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads little-endian values one after the other and refuses to read past the end. */
final class GgufCursor {

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final int LONGEST_TEXT = 1 << 24;

  private final Path file;
  private final MemorySegment bytes;
  private long at;

  GgufCursor(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  long position() {
    return at;
  }

  long remaining() {
    return bytes.byteSize() - at;
  }

  private long take(long length, String what) {
    if (length > remaining()) {
      throw new GgufException(
          file,
          "%s at byte %d needs %d bytes, the file has %d left"
              .formatted(what, at, length, remaining()));
    }
    long from = at;
    at += length;
    return from;
  }

  long uint8(String what) {
    return Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, take(1, what)));
  }

  long uint16(String what) {
    return Short.toUnsignedLong(
        bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER), take(2, what)));
  }

  long uint32(String what) {
    return Integer.toUnsignedLong(
        bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER), take(4, what)));
  }

  /** A 64-bit number as it is; unsigned ones beyond 2^63 come out negative. */
  long int64(String what) {
    return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER), take(8, what));
  }

  float real32(String what) {
    return bytes.get(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER), take(4, what));
  }

  double real64(String what) {
    return bytes.get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ORDER), take(8, what));
  }

  /** How many of something follow, each of at least {@code least} bytes. */
  int count(String what, long least, int most) {
    long count = int64(what);
    if (count < 0 || count > Math.min(most, remaining() / least)) {
      throw new GgufException(
          file,
          "%s must be in [0, %d], was %s"
              .formatted(what, Math.min(most, remaining() / least), Long.toUnsignedString(count)));
    }
    return (int) count;
  }

  String text(String what) {
    int length = count("the length of " + what, 1, LONGEST_TEXT);
    byte[] copy = bytes.asSlice(take(length, what), length).toArray(ValueLayout.JAVA_BYTE);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(java.nio.ByteBuffer.wrap(copy))
          .toString();
    } catch (CharacterCodingException e) {
      throw new GgufException(file, what + " must be UTF-8", e);
    }
  }
}
