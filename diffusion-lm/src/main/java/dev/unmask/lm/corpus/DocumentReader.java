package dev.unmask.lm.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Reads a corpus once, in constant memory but for one document: checks, splits and sums it. */
final class DocumentReader {

  /** A Java string holds less than 2^31 characters; half of that leaves room to work with it. */
  private static final int LARGEST_DOCUMENT = 1 << 30;

  private static final SeparatedText.Form DOCUMENTS =
      new SeparatedText.Form(
          Corpus.SEPARATOR,
          LARGEST_DOCUMENT,
          "a document has more than %d bytes: separate documents by form feeds"
              .formatted(LARGEST_DOCUMENT));

  private final Consumer<String> documents;
  private int count;

  private DocumentReader(Consumer<String> documents) {
    this.documents = documents;
  }

  static CorpusSummary read(InputStream input, Consumer<String> documents) throws IOException {
    DocumentReader reader = new DocumentReader(documents);
    MessageDigest sum = Sha256.digest();
    long bytes = SeparatedText.read(new DigestInputStream(input, sum), DOCUMENTS, reader::accept);
    if (reader.count == 0) {
      throw InvalidCorpusException.empty();
    }
    return new CorpusSummary(bytes, reader.count, HexFormat.of().formatHex(sum.digest()));
  }

  private void accept(String piece) {
    String text = SeparatedText.withoutByteOrderMark(piece);
    if (!text.isBlank()) {
      count++;
      documents.accept(text);
    }
  }
}
