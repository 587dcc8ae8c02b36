package dev.unmask.registry.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Bytes on disk under their SHA-256. A blob appears whole and flushed to the disk, or not at all;
 * equal contents are stored once; nothing is ever overwritten. Which blobs are needed the database
 * knows: {@link BlobLocks} keeps the naming of a blob and its removal apart.
 */
public final class BlobStore {
  private static final int BUFFER = 128 * 1024;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path root;
  private final Path drafts;

  /** Makes the directories that are missing. */
  public BlobStore(Path root) {
    this.root = root;
    this.drafts = root.resolve("drafts");
    try {
      Files.createDirectories(
          drafts,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot make the blob store " + root, failure);
    }
  }

  /**
   * Reads the content to its end. It becomes a blob when the draft is kept and is gone when the
   * draft is closed before. Memory use does not depend on its size.
   *
   * @throws ContentTooLargeException when there are more than {@code most} bytes; nothing stays
   */
  public Draft receive(InputStream content, long most) throws IOException {
    Path file = Files.createTempFile(drafts, "", ".draft", OWNER_ONLY);
    try {
      return new Draft(write(content, file, most), file);
    } catch (IOException | RuntimeException failure) {
      Files.deleteIfExists(file);
      throw failure;
    }
  }

  /** Bytes that were received, waiting for their name. */
  public final class Draft implements AutoCloseable {
    private final Blob blob;
    private final Path file;

    private Draft(Blob blob, Path file) {
      this.blob = blob;
      this.file = file;
    }

    public Blob blob() {
      return blob;
    }

    /** Puts the bytes where blobs are, unless they are there already. */
    public void keep() throws IOException {
      BlobStore.keep(file, path(blob.sha256()));
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Removes a blob that nothing names; one that is absent is fine. Who still reads it reads on.
   *
   * @return bytes that are free now
   */
  public long remove(String sha256) throws IOException {
    Path file = path(sha256);
    try {
      long size = Files.size(file);
      return Files.deleteIfExists(file) ? size : 0;
    } catch (NoSuchFileException absent) {
      return 0;
    }
  }

  /**
   * Hands over every blob, in no order; those that come or go meanwhile may be among them or not.
   */
  public void forEach(Consumer<Stored> action) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, "[0-9a-f][0-9a-f]")) {
      for (Path folder : folders) {
        if (Files.isSymbolicLink(folder)) {
          continue; // leads out of the store
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
          for (Path file : files) {
            stored(folder, file).ifPresent(action);
          }
        }
      }
    }
  }

  /**
   * A blob as it lies there.
   *
   * @param since when its bytes were written
   */
  public record Stored(Blob blob, Instant since) {}

  private static Optional<Stored> stored(Path folder, Path file) throws IOException {
    String sha256 = folder.getFileName() + "" + file.getFileName();
    if (!SHA256.matcher(sha256).matches()) {
      return Optional.empty();
    }
    try {
      BasicFileAttributes facts =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!facts.isRegularFile()) {
        return Optional.empty();
      }
      return Optional.of(
          new Stored(new Blob(sha256, facts.size()), facts.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException goneMeanwhile) {
      return Optional.empty();
    }
  }

  /**
   * Removes drafts that no byte has reached since then: whoever wrote them is gone.
   *
   * @return how many there were
   */
  public int sweepDrafts(Instant idleSince) throws IOException {
    int swept = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(drafts)) {
      for (Path file : files) {
        try {
          if (Files.getLastModifiedTime(file).toInstant().isBefore(idleSince)) {
            swept += Files.deleteIfExists(file) ? 1 : 0;
          }
        } catch (NoSuchFileException finishedMeanwhile) {
          continue;
        }
      }
    }
    return swept;
  }

  /**
   * The file that holds the blob; to be read only.
   *
   * @throws IllegalStateException when a link stands where a folder or file of the store belongs:
   *     it would lead out of the store
   */
  public Path path(String sha256) {
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException("not a SHA-256: " + sha256);
    }
    Path folder = root.resolve(sha256.substring(0, 2));
    Path file = folder.resolve(sha256.substring(2));
    if (Files.isSymbolicLink(folder) || Files.isSymbolicLink(file)) {
      throw new IllegalStateException("the blob store is damaged, there is a link at " + file);
    }
    return file;
  }

  private static Blob write(InputStream content, Path draft, long most) throws IOException {
    MessageDigest digest = sha256();
    long size = 0;
    byte[] buffer = new byte[BUFFER];
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE);
        DigestInputStream digesting = new DigestInputStream(content, digest)) {
      int read;
      while ((read = digesting.read(buffer)) >= 0) {
        size += read;
        if (size > most) {
          throw new ContentTooLargeException(most);
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      channel.force(true);
    }
    return new Blob(HexFormat.of().formatHex(digest.digest()), size);
  }

  private static void keep(Path draft, Path target) throws IOException {
    if (Files.exists(target)) {
      return;
    }
    Path folder = Objects.requireNonNull(target.getParent());
    Files.createDirectories(folder);
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    flush(folder);
  }

  /** Without this a crash can lose the name of a file whose bytes were flushed. */
  private static void flush(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** More bytes came than are allowed. */
  public static final class ContentTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    ContentTooLargeException(long most) {
      super("more than " + most + " bytes");
    }
  }
}
