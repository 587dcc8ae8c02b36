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
  /** Ids without an end of text, the mask behind them. */
  public static SilentTokens of(int vocabularySize) {
    return new SilentTokens(vocabularySize, vocabularySize, -1);
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
