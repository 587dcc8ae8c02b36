package dev.unmask.benchmarks.registry;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;

/**
 * An answer, read to its end.
 *
 * @param retryAfter seconds that the server asks to wait; 0 where it does not
 */
record Reply(int status, byte[] body, long retryAfter) {
  private static final int OK = 200;
  private static final int ERRORS = 400;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;
  private static final int SHOWN = 200;

  boolean ok() {
    return status >= OK && status < ERRORS;
  }

  /** Whether the server is there but takes no more for now. */
  boolean refused() {
    return status == TOO_MANY || status == UNAVAILABLE;
  }

  /**
   * @throws IllegalStateException with the beginning of the answer, if it is an error
   */
  JsonObject json() {
    if (!ok()) {
      throw new IllegalStateException(problem());
    }
    return JsonParser.parseString(text()).getAsJsonObject();
  }

  String problem() {
    String text = text();
    return "status " + status + ": " + text.substring(0, Math.min(SHOWN, text.length()));
  }

  private String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
