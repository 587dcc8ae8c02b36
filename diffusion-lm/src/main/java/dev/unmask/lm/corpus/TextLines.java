package dev.unmask.lm.corpus;

import dev.unmask.lm.corpus.InvalidCorpusException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Lines of UTF-8 text, in constant memory but for one line. */
final class TextLines {
  private static final String BYTE_ORDER_MARK = "\uFEFF";
  private static final int LONGEST = 16 << 20;

  private final Consumer<String> lines;
  private final TextCheck check = new TextCheck();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long bytes;
  private boolean begun;

  private TextLines(Consumer<String> lines) {
    this.lines = lines;
  }

  /**
   * @throws InvalidCorpusException if the bytes are not plain text or a line has more than 16 MiB
   */
  static void read(InputStream input, Consumer<String> lines) throws IOException {
    TextLines reader = new TextLines(lines);
    byte[] buffer = new byte[1 << 16];
    for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
      reader.accept(buffer, read);
    }
    reader.check.finish();
    reader.end();
  }

  private void accept(byte[] buffer, int length) {
    check.accept(buffer, 0, length);
    int from = 0;
    for (int at = 0; at < length; at++) {
      if (buffer[at] == '\n') {
        append(buffer, from, at);
        end();
        from = at + 1;
      }
    }
    append(buffer, from, length);
    bytes += length;
  }

  private void append(byte[] buffer, int from, int to) {
    if (line.size() > LONGEST - (to - from)) {
      throw new InvalidCorpusException(
          Reason.TOO_LARGE, bytes + from, "a line has more than %d bytes".formatted(LONGEST));
    }
    line.write(buffer, from, to - from);
  }

  private void end() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    lines.accept(begun || !text.startsWith(BYTE_ORDER_MARK) ? text : text.substring(1));
    begun = true;
  }
}
