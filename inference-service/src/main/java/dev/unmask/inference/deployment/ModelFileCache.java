package dev.unmask.inference.deployment;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Model files on this machine, stored by what they contain: a blob's file name is its SHA-256, so
 * names from the registry never become paths. A model directory is made of hard links to blobs,
 * under the few names that a model directory may have.
 */
final class ModelFileCache {
  private static final Logger log = LoggerFactory.getLogger(ModelFileCache.class);

  /** What the library reads; anything else is verified and then left out of the directory. */
  private static final Pattern MODEL_DIRECTORY_NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,100}(\\.[A-Za-z0-9_-]{1,40}){1,3}");

  private final Path blobs;
  private final Path directories;
  private final RegistryModels registry;

  ModelFileCache(Path root, RegistryModels registry) {
    blobs = root.resolve("blobs");
    directories = root.resolve("models");
    this.registry = registry;
  }

  /**
   * Fetches what is missing, verifies every byte, and lays the files out.
   *
   * @return a directory that the library can read
   * @throws ModelDamaged naming the file whose bytes are not the registered ones
   */
  Path materialise(String team, RegisteredVersion version) {
    Manifest.check(version.files(), version.digest());
    try {
      for (ModelFile file : version.files()) {
        ensure(team, version, file);
      }
      return layOut(version);
    } catch (IOException failure) {
      throw new UncheckedIOException("the model cache cannot be used", failure);
    }
  }

  /** Deletes the files that no deployment needs any more. */
  void retain(Set<String> digests, Set<String> sha256s) {
    try {
      deleteExcept(blobs, sha256s);
      Set<String> kept =
          digests.stream()
              .map(ModelFileCache::directoryName)
              .collect(java.util.stream.Collectors.toSet());
      deleteExcept(directories, kept);
    } catch (IOException failure) {
      log.warn("the model cache could not be tidied: {}", failure.toString());
    }
  }

  private void ensure(String team, RegisteredVersion version, ModelFile file) throws IOException {
    Path blob = blobs.resolve(file.sha256());
    if (Files.isRegularFile(blob)) {
      if (sha256(blob).equals(file.sha256())) {
        return;
      }
      log.warn("the cached copy of {} is damaged, fetching it again", file.path());
      Files.delete(blob);
    }
    fetch(team, version, file, blob);
  }

  private void fetch(String team, RegisteredVersion version, ModelFile file, Path blob)
      throws IOException {
    Files.createDirectories(blobs);
    Path part = Files.createTempFile(blobs, "fetch-", ".part");
    try {
      registry.download(team, version, file.path(), bytes -> write(bytes, part, file));
      String actual = sha256(part);
      if (!actual.equals(file.sha256())) {
        throw new ModelDamaged(
            "%s: SHA-256 is %s, registered was %s".formatted(file.path(), actual, file.sha256()));
      }
      Files.move(part, blob, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory(blobs);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void write(InputStream bytes, Path part, ModelFile file) throws IOException {
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      long copied = copyAtMost(bytes, out, file.size() + 1);
      if (copied != file.size()) {
        throw new ModelDamaged(
            "%s: %s bytes came, registered were %d"
                .formatted(file.path(), copied > file.size() ? "more" : "" + copied, file.size()));
      }
      channel.force(true);
    }
  }

  private static long copyAtMost(InputStream in, OutputStream out, long limit) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long copied = 0;
    while (copied < limit) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, limit - copied));
      if (read < 0) {
        break;
      }
      out.write(buffer, 0, read);
      copied += read;
    }
    return copied;
  }

  private Path layOut(RegisteredVersion version) throws IOException {
    Files.createDirectories(directories);
    Path target = directories.resolve(directoryName(version.digest()));
    Path fresh = Files.createTempDirectory(directories, "laying-out-");
    for (ModelFile file : version.files()) {
      if (MODEL_DIRECTORY_NAME.matcher(file.path()).matches()) {
        link(fresh.resolve(file.path()), blobs.resolve(file.sha256()));
      }
    }
    delete(target);
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    return target;
  }

  private static void link(Path name, Path blob) throws IOException {
    try {
      Files.createLink(name, blob);
    } catch (FileAlreadyExistsException twice) {
      throw twice;
    } catch (FileSystemException | UnsupportedOperationException noLinksHere) {
      Files.copy(blob, name);
    }
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = Manifest.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** {@link Manifest#check} has made sure that this is hexadecimal. */
  private static String directoryName(String digest) {
    return digest.substring("sha256:".length());
  }

  private static void deleteExcept(Path parent, Set<String> names) throws IOException {
    if (Files.isDirectory(parent)) {
      try (Stream<Path> children = Files.list(parent)) {
        List<Path> unused =
            children.filter(child -> !names.contains(child.getFileName().toString())).toList();
        for (Path child : unused) {
          delete(child);
        }
      }
    }
  }

  private static void delete(Path fileOrFlatDirectory) throws IOException {
    if (Files.isDirectory(fileOrFlatDirectory)) {
      try (Stream<Path> children = Files.list(fileOrFlatDirectory)) {
        for (Path child : children.toList()) {
          Files.delete(child);
        }
      }
    }
    Files.deleteIfExists(fileOrFlatDirectory);
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
