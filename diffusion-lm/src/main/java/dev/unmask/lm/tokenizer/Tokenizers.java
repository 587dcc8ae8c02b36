package dev.unmask.lm.tokenizer;

import java.nio.file.Path;

/** Opens the tokenizer that lies beside a model's weights. */
public final class Tokenizers {

  private Tokenizers() {}

  /**
   * Reads {@code tokenizer.json}: a byte-level BPE whose last two ids are {@link
   * Tokenizer#END_OF_TEXT} and {@link Tokenizer#MASK}. Without merges it is a {@link
   * ByteTokenizer}.
   *
   * @param directory the model's directory
   * @throws InvalidTokenizerException if the file is missing, damaged or of another kind
   */
  public static Tokenizer load(Path directory) {
    BytePairVocabulary vocabulary = TokenizerJson.read(directory.resolve(TokenizerJson.FILE));
    return vocabulary.equals(BytePairVocabulary.BYTES)
        ? new ByteTokenizer()
        : new BytePairTokenizer(vocabulary);
  }
}
