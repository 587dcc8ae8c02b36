package dev.unmask.lm.decoding;

import dev.unmask.lm.tokenizer.Tokenizer;
import java.nio.file.Path;

/** Tokens are letters from {@code a} on; the last id before the mask ends a text. */
public record LetterTokenizer(int vocabularySize) implements Tokenizer {
  @Override
  public int[] encode(String text) {
    return text.chars().map(c -> c - 'a').toArray();
  }

  @Override
  public byte[] decodeBytes(int[] ids) {
    byte[] bytes = new byte[ids.length];
    for (int i = 0; i < ids.length; i++) {
      bytes[i] = (byte) ('a' + ids[i]);
    }
    return bytes;
  }

  @Override
  public void save(Path directory) {
    throw new UnsupportedOperationException();
  }
}
