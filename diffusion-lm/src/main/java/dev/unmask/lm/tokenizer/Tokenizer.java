package dev.unmask.lm.tokenizer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;

/**
 * Text to token ids and back. Ids run from 0 to {@link #vocabularySize()} - 1; the mask id never
 * comes out of {@link #encode}. Implementations may be used by several threads.
 */
public interface Tokenizer {

  /** What the end of a document is called in {@code tokenizer.json}. */
  String END_OF_TEXT = "<|endoftext|>";

  /** What the mask is called in {@code tokenizer.json}. */
  String MASK = "<|mask|>";

  /** One more than the highest id that stands for a token. */
  int vocabularySize();

  /** The absorbing id; {@code vocabularySize()} where the vocabulary holds no token for it. */
  default int maskId() {
    return vocabularySize();
  }

  /** The id that ends a document, negative where there is none. */
  default int endOfText() {
    return vocabularySize() - 1;
  }

  /** The id that follows the end of a text where sequences are filled up to one length. */
  default int paddingId() {
    return endOfText();
  }

  /**
   * The tokens of a text. Names of special tokens in it are ordinary characters here, so that a
   * prompt can neither end a document nor bring in a mask; an unpaired surrogate becomes {@code ?}.
   *
   * @return ids of ordinary tokens
   */
  int[] encode(String text);

  /**
   * As {@link #encode}, but a name of a special token becomes that token: for the output of a chat
   * template and other text whose author may end a turn, never for a user's own words.
   */
  default int[] encodeWithSpecialTokens(String text) {
    return encode(text);
  }

  /** The names that {@link #encodeWithSpecialTokens} takes for special tokens. */
  default Set<String> specialTokens() {
    return Set.of();
  }

  /**
   * The bytes the ids stand for; end of text, mask and other special tokens stand for none.
   *
   * @throws IllegalArgumentException if the tokenizer does not have an id
   */
  byte[] decodeBytes(int[] ids);

  /**
   * The text the ids stand for. Bytes that are not UTF-8 become U+FFFD; {@link StreamingDecoder}
   * waits for the rest of a character instead.
   *
   * @throws IllegalArgumentException if the tokenizer does not have an id
   */
  default String decode(int[] ids) {
    return new String(decodeBytes(ids), StandardCharsets.UTF_8);
  }

  /** As {@link #decode}, with the names of special tokens that have one. */
  default String decodeWithSpecialTokens(int[] ids) {
    return decode(ids);
  }

  /** Decodes tokens as they come. */
  default StreamingDecoder stream() {
    return new ByteStreamDecoder(this);
  }

  /**
   * Writes {@code tokenizer.json} in the format of Hugging Face's tokenizers, replacing an earlier
   * one in one move.
   *
   * @throws java.io.UncheckedIOException if the directory cannot be written
   */
  void save(Path directory);
}
