package dev.unmask.registry.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * Bytes on disk under their SHA-256. A blob appears whole and flushed to the disk, or not at all;
 * equal contents are stored once; nothing is ever overwritten.
 */
public final class BlobStore {
  private static final int BUFFER = 128 * 1024;
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
   * Reads the content to its end and keeps it. Memory use does not depend on its size.
   *
   * @throws ContentTooLargeException when there are more than {@code most} bytes; nothing is kept
   */
  public Blob put(InputStream content, long most) throws IOException {
    Path draft = Files.createTempFile(drafts, "", ".draft", OWNER_ONLY);
    try {
      Blob blob = write(content, draft, most);
      keep(draft, path(blob.sha256()));
      return blob;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /**
   * The file that holds the blob; to be read only.
   *
   * @throws IllegalStateException when a link stands where a folder or file of the store belongs:
   *     it would lead out of the store
   */
  public Path path(String sha256) {
    if (!sha256.matches("[0-9a-f]{64}")) {
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
    Path folder = java.util.Objects.requireNonNull(target.getParent());
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
