package dev.unmask.local.demo;

import dev.unmask.lm.corpus.ArchiveDocuments;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Java sources of well-known Apache-2.0 libraries: code with English documentation. The build
 * fetches the archives by coordinates; their checksums are part of this program.
 */
final class SampleCorpus {
  /** Folder of the archives, as a system property that the launcher sets. */
  static final String DIRECTORY_PROPERTY = "unmask.corpus.directory";

  private static final String CHECKSUMS = "sample-corpus.sha256";
  private static final char DOCUMENT_SEPARATOR = '\f';
  private static final int DIGEST_LENGTH = 64;

  private final Path directory;

  SampleCorpus(Path directory) {
    this.directory = directory;
  }

  static SampleCorpus ofLauncher() {
    String directory = System.getProperty(DIRECTORY_PROPERTY);
    if (directory == null) {
      throw new DemoFailure(
          "the sample corpus is not known here: start with ./unmask, or give a text by --corpus");
    }
    return new SampleCorpus(Path.of(directory));
  }

  /**
   * Writes the text: one document a file, without its licence header, separated by form feeds.
   *
   * @throws DemoFailure when an archive is missing or not the one it should be
   */
  void writeTo(Path target) {
    try (Writer out = Files.newBufferedWriter(target)) {
      for (String line : checksums()) {
        Path archive = directory.resolve(line.substring(DIGEST_LENGTH).strip());
        verify(archive, line.substring(0, DIGEST_LENGTH));
        append(archive, out);
      }
    } catch (IOException e) {
      throw new DemoFailure("the sample corpus cannot be made: " + e.getMessage(), e);
    }
  }

  private static List<String> checksums() throws IOException {
    try (InputStream list = SampleCorpus.class.getResourceAsStream(CHECKSUMS)) {
      if (list == null) {
        throw new IOException("no resource " + CHECKSUMS);
      }
      return new String(list.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }

  private static void verify(Path archive, String expected) throws IOException {
    if (Files.notExists(archive)) {
      throw new DemoFailure(
          archive + " is missing: build again with mvn -pl local-stack -am package");
    }
    String found = HexFormat.of().formatHex(sha256().digest(Files.readAllBytes(archive)));
    if (!found.equals(expected)) {
      throw new DemoFailure(
          "%s has SHA-256 %s, expected %s: delete it and build again"
              .formatted(archive, found, expected));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void append(Path archive, Writer out) throws IOException {
    for (String source : ArchiveDocuments.read(archive, ".java")) {
      out.write(source);
      out.write(DOCUMENT_SEPARATOR);
    }
  }
}
