package dev.unmask.lm.corpus;

import dev.unmask.lm.corpus.InvalidCorpusException.Reason;

/**
 * Checks a stream of bytes, in parts of any size, for UTF-8 (the Unicode standard's table 3-7: no
 * overlong forms, no surrogates, nothing above U+10FFFF) and for control characters that text does
 * not hold.
 */
final class TextCheck {

  private long offset;
  private long characterStart;

  /** Continuation bytes that the current character still needs. */
  private int missing;

  /** What the next continuation byte may be: narrower than 80..BF after E0, ED, F0 and F4. */
  private int lowest;

  private int highest;

  void accept(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      accept(bytes[i] & 0xFF);
      offset++;
    }
  }

  /** The text has ended: no character may be left open. */
  void finish() {
    if (missing > 0) {
      throw notUtf8();
    }
  }

  private void accept(int value) {
    if (missing > 0) {
      if (value < lowest || value > highest) {
        throw notUtf8();
      }
      missing--;
      lowest = 0x80;
      highest = 0xBF;
    } else if (value >= 0x80) {
      startCharacter(value);
    } else if ((value < ' ' && !isTextControl(value)) || value == 0x7F) {
      throw new InvalidCorpusException(
          Reason.CONTROL_CHARACTER,
          offset,
          ("byte %d is the control character 0x%02X: a corpus is plain text, not binary data;"
                  + " remove the character or convert the file")
              .formatted(offset, value));
    }
  }

  private void startCharacter(int lead) {
    characterStart = offset;
    if (lead < 0xC2 || lead > 0xF4) {
      throw notUtf8();
    }
    missing = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  }

  private static boolean isTextControl(int value) {
    return value == '\t' || value == '\n' || value == '\r' || value == '\f';
  }

  private InvalidCorpusException notUtf8() {
    return new InvalidCorpusException(
        Reason.NOT_UTF8,
        characterStart,
        "byte %d begins no UTF-8 character: save the corpus as UTF-8".formatted(characterStart));
  }
}
