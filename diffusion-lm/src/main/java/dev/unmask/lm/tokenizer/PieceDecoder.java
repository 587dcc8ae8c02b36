package dev.unmask.lm.tokenizer;

import dev.unmask.lm.tokenizer.TokenSpelling.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Streams a published vocabulary. A run of raw bytes waits for its end: it is one text if all of it
 * is UTF-8, else one U+FFFD a byte, as Hugging Face's library has it.
 */
final class PieceDecoder implements StreamingDecoder {

  private final TokenTable table;
  private final int highestId;
  private final boolean withSpecialTokens;
  private final Utf8Decoder utf8 = new Utf8Decoder();
  private final ByteArrayOutputStream rawBytes = new ByteArrayOutputStream();
  private int leadingSpaces;

  PieceDecoder(TokenTable table, int highestId, boolean withSpecialTokens) {
    this.table = table;
    this.highestId = highestId;
    this.withSpecialTokens = withSpecialTokens;
    this.leadingSpaces = table.leadingSpaces();
  }

  @Override
  public String append(int... ids) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      UnknownIds.check(id, highestId);
      Piece piece = table.piece(id, withSpecialTokens);
      if (piece != null && piece.rawByte()) {
        rawBytes.writeBytes(piece.bytes());
      } else if (piece != null) {
        text.append(endOfRawBytes()).append(utf8.append(piece.bytes()));
      }
    }
    return withoutLeadingSpaces(text.toString());
  }

  @Override
  public String finish() {
    return withoutLeadingSpaces(endOfRawBytes() + utf8.finish());
  }

  private String endOfRawBytes() {
    byte[] bytes = rawBytes.toByteArray();
    rawBytes.reset();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notOneText) {
      return "\uFFFD".repeat(bytes.length);
    }
  }

  private String withoutLeadingSpaces(String text) {
    int from = 0;
    while (leadingSpaces > 0 && from < text.length()) {
      if (text.charAt(from) == ' ') {
        from++;
        leadingSpaces--;
      } else {
        leadingSpaces = 0;
      }
    }
    return text.substring(from);
  }
}
