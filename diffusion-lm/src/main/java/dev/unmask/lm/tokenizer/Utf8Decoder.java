package dev.unmask.lm.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The characters of bytes that arrive in parts; what is not UTF-8 becomes U+FFFD. */
final class Utf8Decoder {

  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] heldBack = new byte[0];

  /** The characters that are complete now. */
  String append(byte[] bytes) {
    return decode(bytes, false);
  }

  String finish() {
    return decode(new byte[0], true);
  }

  private String decode(byte[] bytes, boolean end) {
    ByteBuffer input = ByteBuffer.allocate(heldBack.length + bytes.length);
    input.put(heldBack).put(bytes).flip();
    CharBuffer output = CharBuffer.allocate(input.remaining() + 1);
    utf8.reset().decode(input, output, end);
    heldBack = new byte[input.remaining()];
    input.get(heldBack);
    return output.flip().toString();
  }
}
