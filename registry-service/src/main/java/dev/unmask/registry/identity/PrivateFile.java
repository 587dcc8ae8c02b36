package dev.unmask.registry.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Secrets on disk: written as a whole or not at all, readable by their owner alone. */
final class PrivateFile {

  private PrivateFile() {}

  /** Replaces what is there. */
  static void write(Path file, String content) {
    try {
      Path draft = draft(file, content);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot write " + file, failure);
    }
  }

  /** Leaves what is there: of several who write at once one does, and all read the same after. */
  static void writeIfAbsent(Path file, String content) {
    try {
      Path draft = draft(file, content);
      try {
        // A link, not a move: a move would replace what another one wrote since we looked.
        Files.createLink(file, draft);
      } catch (FileAlreadyExistsException written) {
        // by another replica
      } catch (UnsupportedOperationException | FileSystemException noLinksHere) {
        Files.move(draft, file);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot write " + file, failure);
    }
  }

  private static Path draft(Path file, String content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException("not a file: " + file);
    }
    Files.createDirectories(folder);
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path draft = Files.createTempFile(folder, ".", ".new", ownerOnly);
    return Files.writeString(draft, content, StandardCharsets.UTF_8);
  }
}
