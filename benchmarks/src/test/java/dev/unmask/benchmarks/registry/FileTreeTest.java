package dev.unmask.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {

  @TempDir private Path directory;

  @Test
  void copiesPermissionsAndLinksAndDeletesIt() throws IOException {
    Path from = Files.createDirectories(directory.resolve("from").resolve("data"));
    Files.setPosixFilePermissions(from, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(from.resolve("file"), "text");
    Files.createSymbolicLink(from.resolve("link"), Path.of("file"));

    FileTree.copy(directory.resolve("from"), directory.resolve("to"));

    Path to = directory.resolve("to").resolve("data");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(to)))
        .isEqualTo("rwx------");
    assertThat(to.resolve("link")).isSymbolicLink().hasContent("text");

    FileTree.delete(directory.resolve("to"));
    FileTree.delete(directory.resolve("to"));
    assertThat(directory).isDirectoryNotContaining("glob:**to");
  }
}
