package dev.unmask.lm.corpus;

import dev.unmask.lm.corpus.InvalidCorpusException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Reads a corpus once, in constant memory but for one document: checks, splits and sums it. */
final class DocumentReader {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** A Java string holds less than 2^31 characters; half of that leaves room to work with it. */
  private static final int LARGEST_DOCUMENT = 1 << 30;

  private final Consumer<String> documents;
  private final TextCheck check = new TextCheck();
  private final MessageDigest sum = Sha256.digest();
  private final ByteArrayOutputStream document = new ByteArrayOutputStream();
  private long bytes;
  private int count;

  private DocumentReader(Consumer<String> documents) {
    this.documents = documents;
  }

  static CorpusSummary read(InputStream input, Consumer<String> documents) throws IOException {
    DocumentReader reader = new DocumentReader(documents);
    byte[] buffer = new byte[1 << 16];
    for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
      reader.accept(buffer, read);
    }
    return reader.finish();
  }

  private void accept(byte[] buffer, int length) {
    check.accept(buffer, 0, length);
    sum.update(buffer, 0, length);
    int from = 0;
    for (int at = 0; at < length; at++) {
      if (buffer[at] == Corpus.SEPARATOR) {
        append(buffer, from, at);
        endDocument();
        from = at + 1;
      }
    }
    append(buffer, from, length);
    bytes += length;
  }

  private void append(byte[] buffer, int from, int to) {
    if (document.size() > LARGEST_DOCUMENT - (to - from)) {
      throw new InvalidCorpusException(
          Reason.TOO_LARGE,
          bytes + from,
          "a document has more than %d bytes: separate documents by form feeds"
              .formatted(LARGEST_DOCUMENT));
    }
    document.write(buffer, from, to - from);
  }

  private void endDocument() {
    String text = document.toString(StandardCharsets.UTF_8);
    document.reset();
    if (text.startsWith(BYTE_ORDER_MARK)) {
      text = text.substring(1);
    }
    if (!text.isBlank()) {
      count++;
      documents.accept(text);
    }
  }

  private CorpusSummary finish() {
    check.finish();
    endDocument();
    if (count == 0) {
      throw InvalidCorpusException.empty();
    }
    return new CorpusSummary(bytes, count, HexFormat.of().formatHex(sum.digest()));
  }
}
