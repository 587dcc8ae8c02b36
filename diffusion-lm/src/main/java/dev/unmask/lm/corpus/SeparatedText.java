package dev.unmask.lm.corpus;

import dev.unmask.lm.corpus.InvalidCorpusException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** UTF-8 text cut at every separator, in constant memory but for one piece. */
final class SeparatedText {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Form form;
  private final Consumer<String> pieces;
  private final TextCheck check = new TextCheck();
  private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
  private long bytes;

  /**
   * What is read.
   *
   * @param separator in no piece
   * @param longest most bytes of a piece
   * @param tooLong what is wrong with a longer one
   */
  record Form(char separator, int longest, String tooLong) {}

  private SeparatedText(Form form, Consumer<String> pieces) {
    this.form = form;
    this.pieces = pieces;
  }

  /**
   * @param pieces what stands before, between and behind the separators, empty pieces too
   * @return number of bytes read
   * @throws InvalidCorpusException if the bytes are not plain text or a piece is too long
   */
  static long read(InputStream input, Form form, Consumer<String> pieces) throws IOException {
    SeparatedText reader = new SeparatedText(form, pieces);
    byte[] buffer = new byte[1 << 16];
    for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
      reader.accept(buffer, read);
    }
    reader.check.finish();
    reader.end();
    return reader.bytes;
  }

  static String withoutByteOrderMark(String text) {
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }

  private void accept(byte[] buffer, int length) {
    check.accept(buffer, 0, length);
    int from = 0;
    for (int at = 0; at < length; at++) {
      if (buffer[at] == form.separator()) {
        append(buffer, from, at);
        end();
        from = at + 1;
      }
    }
    append(buffer, from, length);
    bytes += length;
  }

  private void append(byte[] buffer, int from, int to) {
    if (piece.size() > form.longest() - (to - from)) {
      throw new InvalidCorpusException(Reason.TOO_LARGE, bytes + from, form.tooLong());
    }
    piece.write(buffer, from, to - from);
  }

  private void end() {
    String text = piece.toString(StandardCharsets.UTF_8);
    piece.reset();
    pieces.accept(text);
  }
}
