package dev.unmask.lm.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * A tokenizer of Hugging Face's native library, given back when it is no longer reachable. The
 * library ends the process on what it takes for a programming error, so it only ever sees documents
 * that {@link PublishedTokenizerReader} has put together, and text that is valid Unicode.
 */
final class NativeTokenizer {

  /** Runs of white space this long are within the library's limit on backtracking. */
  static final int LONGEST_TEXT = 1 << 22;

  private static final Cleaner CLEANER = Cleaner.create();

  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  private final HuggingFaceTokenizer library;

  /**
   * @throws IOException if the library refuses the document
   */
  NativeTokenizer(String document) throws IOException {
    try {
      library =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)), OPTIONS);
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
    CLEANER.register(this, library::close);
  }

  int[] encode(String text) {
    if (text.length() > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "text must have at most %d characters, had %d".formatted(LONGEST_TEXT, text.length()));
    }
    // An unpaired surrogate becomes "?" on the way through bytes.
    String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    long[] ids = library.encode(valid, false, false).getIds();
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }
}
