package dev.unmask.lm.testing;

import dev.unmask.lm.tokenizer.Tokenizer;
import java.nio.file.Path;

/**
 * Ids without texts, for recorded samples that name ids only.
 *
 * @param vocabularySize ids a text can hold
 * @param maskId anywhere in or behind them
 * @param endOfText of the model, or one that it cannot draw
 */
public record SilentTokens(int vocabularySize, int maskId, int endOfText) implements Tokenizer {
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
