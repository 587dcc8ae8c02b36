package dev.unmask.lm.testing;

import dev.unmask.lm.tokenizer.Tokenizer;
import java.nio.file.Path;

/**
 * Ids without texts and without an end of text, for recorded samples that name ids only.
 *
 * @param vocabularySize ids without the mask
 */
public record SilentTokenizer(int vocabularySize) implements Tokenizer {
  @Override
  public int endOfText() {
    return -1;
  }

  @Override
  public int[] encode(String text) {
    throw new UnsupportedOperationException("ids only");
  }

  @Override
  public byte[] decodeBytes(int[] ids) {
    return new byte[0];
  }

  @Override
  public void save(Path directory) {
    throw new UnsupportedOperationException("ids only");
  }
}
