package dev.unmask.lm.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the names of tokens spell bytes. */
sealed interface TokenSpelling {

  /** What a token stands for; {@code rawByte} marks a byte of a character that has no token. */
  record Piece(byte[] bytes, boolean rawByte) {}

  Piece piece(String token);

  /** Spaces that are taken off the start of a text. */
  int leadingSpaces();

  /** GPT-2's alphabet; a name outside of it (an added token) stands for itself. */
  record ByteLevel() implements TokenSpelling {
    @Override
    public Piece piece(String token) {
      byte @Nullable [] bytes = ByteAlphabet.bytesOrNull(token);
      return new Piece(bytes == null ? token.getBytes(StandardCharsets.UTF_8) : bytes, false);
    }

    @Override
    public int leadingSpaces() {
      return 0;
    }
  }

  /** SentencePiece's: {@code ▁} for a space, {@code <0x0A>} for a byte. */
  record Replaced(Map<String, String> replacements, boolean byteFallback, int leadingSpaces)
      implements TokenSpelling {
    public Replaced {
      replacements = Map.copyOf(replacements);
    }

    @Override
    public Piece piece(String token) {
      String text = token;
      for (Map.Entry<String, String> entry : replacements.entrySet()) {
        text = text.replace(entry.getKey(), entry.getValue());
      }
      Integer value = byteFallback ? byteNamed(text) : null;
      return value == null
          ? new Piece(text.getBytes(StandardCharsets.UTF_8), false)
          : new Piece(new byte[] {value.byteValue()}, true);
    }

    private static @Nullable Integer byteNamed(String token) {
      return token.matches("<0x[0-9A-Fa-f]{2}>")
          ? Integer.valueOf(Integer.parseInt(token.substring(3, 5), 16))
          : null;
    }
  }
}
