package dev.unmask.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaDigestTest {

  private static final String FIRST = "db/migration/registry/V001__first.sql";

  @TempDir private Path libraries;

  @Test
  void changesWithTheMigrationsAndWithNothingElse() throws IOException {
    String one = digest(Map.of(FIRST, "a", "Other.class", "x"));

    assertThat(digest(Map.of(FIRST, "a", "Other.class", "y"))).isEqualTo(one);
    assertThat(digest(Map.of(FIRST, "b"))).isNotEqualTo(one);
    assertThat(digest(Map.of(FIRST, "a", "db/migration/registry/V002__next.sql", "")))
        .isNotEqualTo(one);
  }

  @Test
  void namesTheFolderThatHasNoRegistry() {
    assertThatThrownBy(() -> SchemaDigest.of(libraries))
        .hasMessage("no registry-service is in " + libraries + ": build local-stack first");
  }

  private String digest(Map<String, String> entries) throws IOException {
    try (OutputStream file = Files.newOutputStream(libraries.resolve("registry-service-1.jar"));
        JarOutputStream jar = new JarOutputStream(file)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        jar.putNextEntry(new JarEntry(entry.getKey()));
        jar.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return SchemaDigest.of(libraries);
  }
}
