package dev.unmask.training.corpus;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.training.TrainingProperties;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** Texts on disk, named by their SHA-256: a caller's name never becomes part of a path. */
@Component
public class CorpusFiles {
  private final Path directory;
  private final long maxBytes;

  CorpusFiles(TrainingProperties training, CorpusProperties properties) {
    this.directory = training.dataDirectory().resolve("corpora");
    this.maxBytes = properties.maxSize().toBytes();
  }

  /** The text with this digest. */
  public Path path(String sha256) {
    return directory.resolve(sha256);
  }

  /**
   * Reads a corpus into a temporary file and checks it there.
   *
   * @param inspection what the file must be; tells what it holds
   * @throws UnmaskException BODY_TOO_LARGE, or what the inspection says; nothing is left behind
   */
  Received receive(InputStream text, Function<Path, Contents> inspection) throws IOException {
    Files.createDirectories(directory);
    Path temporary = directory.resolve("upload-" + UUID.randomUUID());
    try {
      return write(text, temporary, inspection);
    } catch (IOException | RuntimeException refused) {
      Files.deleteIfExists(temporary);
      throw refused;
    }
  }

  /** Refuses by the announced length, before anything is read. */
  void checkLength(long announced) {
    if (announced > maxBytes) {
      throw tooLarge();
    }
  }

  private Received write(InputStream text, Path temporary, Function<Path, Contents> inspection)
      throws IOException {
    long length = 0;
    MessageDigest digest = sha256();
    try (FileChannel file =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = text.read(buffer); n >= 0; n = text.read(buffer)) {
        length += n;
        if (length > maxBytes) {
          throw tooLarge();
        }
        digest.update(buffer, 0, n);
        writeFully(file, ByteBuffer.wrap(buffer, 0, n));
      }
      file.force(true);
    }
    String name = HexFormat.of().formatHex(digest.digest());
    return new Received(temporary, name, length, inspection.apply(temporary));
  }

  private static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  private UnmaskException tooLarge() {
    return new UnmaskException(
        ErrorCode.BODY_TOO_LARGE,
        "a corpus holds at most "
            + maxBytes
            + " bytes (unmask.training.corpus.max-size): send a smaller text");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  void delete(String sha256) {
    try {
      Files.deleteIfExists(path(sha256));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A checked text that has no name yet; closed, it is gone unless it was kept. */
  final class Received implements AutoCloseable {
    private final Path temporary;
    private final String sha256;
    private final long bytes;
    private final Contents contents;

    Received(Path temporary, String sha256, long bytes, Contents contents) {
      this.temporary = temporary;
      this.sha256 = sha256;
      this.bytes = bytes;
      this.contents = contents;
    }

    String sha256() {
      return sha256;
    }

    long bytes() {
      return bytes;
    }

    Contents contents() {
      return contents;
    }

    /** Gives the text its final name; after a return it survives a crash. */
    void keep() {
      try {
        Files.move(temporary, path(sha256), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
          folder.force(true);
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(temporary);
    }
  }
}
