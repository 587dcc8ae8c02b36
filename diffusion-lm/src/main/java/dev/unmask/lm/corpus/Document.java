package dev.unmask.lm.corpus;

import java.nio.charset.StandardCharsets;

/**
 * One text of a corpus.
 *
 * @param text the characters, at least one that is no white space
 * @param fingerprint SHA-256 of the UTF-8 bytes, 64 hexadecimal digits; equal texts share it
 */
public record Document(String text, String fingerprint) {

  /**
   * @throws IllegalArgumentException if the text is blank
   */
  public static Document of(String text) {
    return new Document(text, Sha256.hex(text.getBytes(StandardCharsets.UTF_8)));
  }

  public Document {
    if (text.isBlank()) {
      throw new IllegalArgumentException("a document must hold more than white space");
    }
  }
}
