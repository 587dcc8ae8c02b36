package dev.unmask.lm.tokenizer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Text to token ids and back. Ids run from 0 to {@link #vocabularySize()} - 1; the mask id is one
 * row more and never comes out of {@link #encode}. Implementations may be used by several threads.
 */
public interface Tokenizer {

  /** What the end of a document is called in {@code tokenizer.json}. */
  String END_OF_TEXT = "<|endoftext|>";

  /** What the mask is called in {@code tokenizer.json}. */
  String MASK = "<|mask|>";

  /** The number of ids a text can hold: bytes, merged tokens and end of text, without the mask. */
  int vocabularySize();

  /** The absorbing id, {@code vocabularySize()}: the last row of a model's embedding. */
  default int maskId() {
    return vocabularySize();
  }

  /** The id that ends a document, {@code vocabularySize() - 1}. */
  default int endOfText() {
    return vocabularySize() - 1;
  }

  /**
   * The tokens of a text. Names of special tokens in it are ordinary characters here, so that a
   * prompt can neither end a document nor bring in a mask; an unpaired surrogate becomes {@code ?}.
   *
   * @return ids in [0, endOfText())
   */
  int[] encode(String text);

  /**
   * The bytes the ids stand for; end of text and mask stand for none.
   *
   * @throws IllegalArgumentException if an id is not in [0, maskId()]
   */
  byte[] decodeBytes(int[] ids);

  /**
   * The text the ids stand for. Bytes that are not UTF-8 become U+FFFD; {@link StreamingDecoder}
   * waits for the rest of a character instead.
   *
   * @throws IllegalArgumentException if an id is not in [0, maskId()]
   */
  default String decode(int[] ids) {
    return new String(decodeBytes(ids), StandardCharsets.UTF_8);
  }

  /**
   * Writes {@code tokenizer.json} in the format of Hugging Face's tokenizers, replacing an earlier
   * one in one move.
   *
   * @throws java.io.UncheckedIOException if the directory cannot be written
   */
  void save(Path directory);
}
