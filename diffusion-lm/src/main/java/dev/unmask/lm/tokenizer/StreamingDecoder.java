package dev.unmask.lm.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text of a growing sequence of tokens. A token may end within a character: its bytes wait here
 * until the rest arrives. All parts together are what {@link Tokenizer#decode} makes of all ids.
 * For one thread at a time.
 */
public final class StreamingDecoder {

  private final Tokenizer tokenizer;
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] heldBack = new byte[0];

  public StreamingDecoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Adds tokens.
   *
   * @return the characters that are complete now, possibly none
   * @throws IllegalArgumentException if an id is not in [0, maskId()]
   */
  public String append(int... ids) {
    return decode(tokenizer.decodeBytes(ids), false);
  }

  /** The sequence has ended: a character that stayed incomplete comes out as U+FFFD. */
  public String finish() {
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
