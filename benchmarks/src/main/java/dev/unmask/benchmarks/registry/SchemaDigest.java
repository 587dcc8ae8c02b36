package dev.unmask.benchmarks.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** What the tables of a built registry look like, as far as its migrations tell. */
final class SchemaDigest {
  private static final String MIGRATIONS = "db/migration/registry/";
  private static final int LETTERS = 12;

  private SchemaDigest() {}

  /**
   * Differs whenever a migration is added or changed.
   *
   * @param libraries folder with the registry's jar
   * @throws IllegalStateException if there is none
   */
  static String of(Path libraries) {
    try (JarFile jar = new JarFile(registry(libraries).toFile())) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      List<JarEntry> migrations =
          jar.stream()
              .filter(entry -> entry.getName().startsWith(MIGRATIONS) && !entry.isDirectory())
              .sorted(Comparator.comparing(JarEntry::getName))
              .toList();
      for (JarEntry migration : migrations) {
        digest.update(migration.getName().getBytes(StandardCharsets.UTF_8));
        digest.update(jar.getInputStream(migration).readAllBytes());
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, LETTERS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static Path registry(Path libraries) throws IOException {
    if (Files.isDirectory(libraries)) {
      try (Stream<Path> jars = Files.list(libraries)) {
        var found =
            jars.filter(jar -> jar.getFileName().toString().matches("registry-service-.*\\.jar"))
                .findFirst();
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    throw new IllegalStateException(
        "no registry-service is in " + libraries + ": build local-stack first");
  }
}
