package dev.unmask.lm.corpus;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Plain text in UTF-8: documents separated by form feeds (U+000C). A file without one is a single
 * document; documents of white space alone are left out.
 *
 * @param documents at least one, in the order of the file
 * @param summary size and sum of the whole
 */
public record Corpus(List<Document> documents, CorpusSummary summary) {

  /** The byte between two documents. */
  public static final char SEPARATOR = '\f';

  public Corpus {
    documents = List.copyOf(documents);
    if (documents.isEmpty()) {
      throw InvalidCorpusException.empty();
    }
  }

  /**
   * Reads a corpus into memory.
   *
   * @throws InvalidCorpusException if it is empty or not plain text; names the byte
   * @throws UncheckedIOException if the file cannot be read
   */
  public static Corpus read(Path file) {
    try (InputStream input = Files.newInputStream(file)) {
      return read(input);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /**
   * Checks a corpus without keeping it: what an upload needs.
   *
   * @throws InvalidCorpusException if it is empty or not plain text; names the byte
   * @throws UncheckedIOException if the file cannot be read
   */
  public static CorpusSummary inspect(Path file) {
    try (InputStream input = Files.newInputStream(file)) {
      return DocumentReader.read(input, document -> {});
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /**
   * A corpus of texts at hand, summed as the file that holds them.
   *
   * @throws InvalidCorpusException if no text has a character but white space, or one has a control
   *     character
   */
  public static Corpus of(List<String> texts) {
    byte[] file = String.join(String.valueOf(SEPARATOR), texts).getBytes(StandardCharsets.UTF_8);
    try {
      return read(new ByteArrayInputStream(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The texts of all documents, in order. */
  public List<String> texts() {
    return documents.stream().map(Document::text).toList();
  }

  private static Corpus read(InputStream input) throws IOException {
    List<Document> documents = new ArrayList<>();
    CorpusSummary summary = DocumentReader.read(input, text -> documents.add(Document.of(text)));
    return new Corpus(documents, summary);
  }
}
