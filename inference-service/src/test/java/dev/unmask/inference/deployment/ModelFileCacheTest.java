package dev.unmask.inference.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileCacheTest {
  @TempDir private Path root;
  private final Served registry = new Served();

  @Test
  void fetchesAFileOnceAndLaysItOutUnderItsName() throws IOException {
    ModelFileCache cache = new ModelFileCache(root, registry);
    RegisteredVersion version = version("config.json", "hello");
    registry.content = "hello";

    Path first = cache.materialise("team", version);
    Path second = cache.materialise("team", version);

    assertThat(Files.readString(first.resolve("config.json"))).isEqualTo("hello");
    assertThat(second).isEqualTo(first);
    assertThat(registry.downloads).isOne();
  }

  @Test
  void fetchesACopyAgainThatWasDamagedOnDisk() throws IOException {
    ModelFileCache cache = new ModelFileCache(root, registry);
    RegisteredVersion version = version("config.json", "hello");
    registry.content = "hello";
    cache.materialise("team", version);
    Files.writeString(root.resolve("blobs").resolve(sha256("hello")), "hellO");

    Path directory = cache.materialise("team", version);

    assertThat(Files.readString(directory.resolve("config.json"))).isEqualTo("hello");
    assertThat(registry.downloads).isEqualTo(2);
  }

  @Test
  void refusesOtherBytesAndKeepsNoneOfThem() throws IOException {
    ModelFileCache cache = new ModelFileCache(root, registry);

    for (String other : List.of("hallo", "hell", "hello and more")) {
      registry.content = other;
      assertThatThrownBy(() -> cache.materialise("team", version("config.json", "hello")))
          .isInstanceOf(ModelDamaged.class)
          .hasMessageContaining("config.json");
    }

    try (Stream<Path> blobs = Files.list(root.resolve("blobs"))) {
      assertThat(blobs).isEmpty();
    }
  }

  @Test
  void deletesWhatNoDeploymentNeeds() {
    ModelFileCache cache = new ModelFileCache(root, registry);
    registry.content = "kept";
    RegisteredVersion kept = version("config.json", "kept");
    Path keptDirectory = cache.materialise("team", kept);
    registry.content = "gone";
    Path goneDirectory = cache.materialise("team", version("config.json", "gone"));

    cache.retain(Set.of(kept.digest()), Set.of(sha256("kept")));

    assertThat(keptDirectory).exists();
    assertThat(goneDirectory).doesNotExist();
    assertThat(root.resolve("blobs").resolve(sha256("kept"))).exists();
    assertThat(root.resolve("blobs").resolve(sha256("gone"))).doesNotExist();
  }

  private static RegisteredVersion version(String path, String content) {
    List<ModelFile> files = List.of(new ModelFile(path, content.length(), sha256(content)));
    return new RegisteredVersion("demo", 1, Manifest.digest(files), files);
  }

  private static String sha256(String content) {
    return HexFormat.of()
        .formatHex(Manifest.sha256().digest(content.getBytes(StandardCharsets.UTF_8)));
  }

  /** Answers every download with the same bytes. */
  private static final class Served implements RegistryModels {
    String content = "";
    int downloads;

    @Override
    public RegisteredVersion resolve(String team, ModelReference reference) {
      throw new IllegalStateException("nothing is resolved here");
    }

    @Override
    public void download(String team, RegisteredVersion version, String path, Sink sink) {
      downloads++;
      try {
        sink.accept(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
