package dev.unmask.lm.corpus;

import dev.unmask.lm.corpus.InvalidCorpusException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Text files out of a jar or zip, for instance the {@code -sources} jar of a library. Entries are
 * read in memory, never unpacked, so their names reach no file system; sizes are counted while
 * unpacking, so a lying header cannot exhaust the memory.
 */
public final class ArchiveDocuments {

  private static final Logger log = LoggerFactory.getLogger(ArchiveDocuments.class);
  private static final int LARGEST_ENTRY = 8 << 20;
  private static final long LARGEST_TOTAL = 512L << 20;

  private ArchiveDocuments() {}

  /**
   * Reads the entries whose name ends with the suffix, sorted by name. A licence comment at the
   * head of a file is left out: it would be the text a model sees most. Line ends become {@code
   * \n}, form feeds (which separate documents in a {@link Corpus}) become line ends.
   *
   * @param archive a zip or jar file
   * @param suffix end of the wanted entries' names, for instance {@code .java}
   * @return the texts; blank files are left out, and with a log line those that are not plain UTF-8
   *     (old libraries have some in Latin-1)
   * @throws InvalidCorpusException if an entry has more than 8 MiB, or all of them more than 512
   *     MiB; names the entry
   * @throws UncheckedIOException if the archive cannot be read
   */
  public static List<String> read(Path archive, String suffix) {
    List<String> texts = new ArrayList<>();
    try (ZipFile zip = new ZipFile(archive.toFile(), StandardCharsets.UTF_8)) {
      List<? extends ZipEntry> entries =
          zip.stream()
              .filter(entry -> !entry.isDirectory() && entry.getName().endsWith(suffix))
              .sorted(Comparator.comparing(ZipEntry::getName))
              .toList();
      long total = 0;
      for (ZipEntry entry : entries) {
        byte[] bytes = bytes(zip, entry);
        total += bytes.length;
        if (total > LARGEST_TOTAL) {
          throw tooLarge(entry, "the archive holds more text than " + LARGEST_TOTAL + " bytes");
        }
        text(entry, bytes).filter(text -> !text.isBlank()).ifPresent(texts::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + archive, e);
    }
    return List.copyOf(texts);
  }

  private static byte[] bytes(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream input = zip.getInputStream(entry)) {
      byte[] bytes = input.readNBytes(LARGEST_ENTRY + 1);
      if (bytes.length > LARGEST_ENTRY) {
        throw tooLarge(entry, "the entry has more than " + LARGEST_ENTRY + " bytes");
      }
      return bytes;
    }
  }

  private static Optional<String> text(ZipEntry entry, byte[] bytes) {
    try {
      TextCheck check = new TextCheck();
      check.accept(bytes, 0, bytes.length);
      check.finish();
      return Optional.of(clean(new String(bytes, StandardCharsets.UTF_8)));
    } catch (InvalidCorpusException e) {
      log.info("{} is left out: {}", entry.getName(), e.getMessage());
      return Optional.empty();
    }
  }

  private static String clean(String text) {
    String lines = text.replace("\r\n", "\n").replace('\r', '\n').replace('\f', '\n');
    return LicenceHeader.strip(lines);
  }

  private static InvalidCorpusException tooLarge(ZipEntry entry, String message) {
    return new InvalidCorpusException(Reason.TOO_LARGE, 0, entry.getName() + ": " + message);
  }
}
