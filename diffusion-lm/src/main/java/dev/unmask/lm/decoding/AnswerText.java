package dev.unmask.lm.decoding;

import dev.unmask.lm.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The finished left part of an answer as bytes, and where it ends: at the model's end of text or
 * before the first stop text. Stop texts are compared as bytes, so they may begin and end inside
 * tokens.
 */
final class AnswerText {
  private final Tokenizer tokenizer;
  private final AnswerEnd end;
  private final List<byte[]> stops;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int tokens;
  private int endsAt = -1;

  AnswerText(Tokenizer tokenizer, AnswerEnd end, List<String> stops) {
    this.tokenizer = tokenizer;
    this.end = end;
    this.stops = stops.stream().map(stop -> stop.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /** Takes the next token of the answer; ignored once the answer has ended. */
  void append(int token) {
    if (endsAt >= 0) {
      return;
    }
    if (end.tokens().contains(token)) {
      endsAt = bytes.size();
      return;
    }
    byte[] piece = tokenizer.decodeBytes(new int[] {token});
    int searchFrom = bytes.size();
    bytes.writeBytes(piece);
    tokens++;
    endsAt = firstStop(searchFrom);
  }

  /** Whether an end was reached. */
  boolean ended() {
    return endsAt >= 0;
  }

  /** Tokens taken, the one that completed a stop text included, end of text not. */
  int tokens() {
    return tokens;
  }

  /** The whole text so far, cut before the stop text. */
  String text() {
    return new String(
        bytes.toByteArray(), 0, endsAt >= 0 ? endsAt : bytes.size(), StandardCharsets.UTF_8);
  }

  /** As {@link #text} without what may still become part of a stop text or of a character. */
  String settledText() {
    byte[] all = bytes.toByteArray();
    int length =
        endsAt >= 0 ? endsAt : Math.min(beforePartialStop(all), beforePartialCharacter(all));
    return new String(all, 0, length, StandardCharsets.UTF_8);
  }

  private int firstStop(int searchFrom) {
    byte[] all = bytes.toByteArray();
    int first = -1;
    for (byte[] stop : stops) {
      for (int at = Math.max(0, searchFrom - stop.length + 1);
          at + stop.length <= all.length;
          at++) {
        if (matches(all, at, stop, stop.length)) {
          first = first < 0 ? at : Math.min(first, at);
          break;
        }
      }
    }
    return first;
  }

  private int beforePartialStop(byte[] all) {
    int length = all.length;
    for (byte[] stop : stops) {
      for (int at = Math.max(0, all.length - stop.length + 1); at < length; at++) {
        if (matches(all, at, stop, all.length - at)) {
          length = at;
        }
      }
    }
    return length;
  }

  private static int beforePartialCharacter(byte[] all) {
    int start = all.length - 1;
    while (start >= 0 && start > all.length - 4 && (all[start] & 0xC0) == 0x80) {
      start--;
    }
    if (start < 0) {
      return all.length;
    }
    int lead = all[start] & 0xFF;
    int expected = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    return start + expected > all.length ? start : all.length;
  }

  private static boolean matches(byte[] all, int at, byte[] stop, int length) {
    for (int i = 0; i < length; i++) {
      if (all[at + i] != stop[i]) {
        return false;
      }
    }
    return true;
  }
}
