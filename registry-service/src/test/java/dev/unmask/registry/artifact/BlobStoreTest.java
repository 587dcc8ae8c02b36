package dev.unmask.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobStoreTest {
  @TempDir private Path folder;
  private BlobStore store;

  @BeforeEach
  void open() {
    store = new BlobStore(folder.resolve("blobs"));
  }

  @Test
  void namesContentByItsSha256() throws IOException {
    Blob blob = store.put(bytes("abc"), 10);

    assertThat(blob.sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(blob.size()).isEqualTo(3);
    assertThat(Files.readString(store.path(blob.sha256()))).isEqualTo("abc");
  }

  @Test
  void keepsEqualContentsOnce() throws IOException {
    store.put(bytes("abc"), 10);
    store.put(bytes("abc"), 10);

    assertThat(files()).isEqualTo(1);
  }

  @Test
  void keepsNothingOfWhatIsTooLargeOrBreaksOff() {
    InputStream broken =
        new InputStream() {
          private int sent;

          @Override
          public int read() throws IOException {
            if (sent++ > 1000) {
              throw new IOException("connection lost");
            }
            return 1;
          }
        };

    assertThatThrownBy(() -> store.put(bytes("abcd"), 3))
        .isInstanceOf(BlobStore.ContentTooLargeException.class);
    assertThatThrownBy(() -> store.put(broken, 10_000)).hasMessage("connection lost");
    assertThat(files()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "../../etc/passwd", "BA7816BF"})
  void opensNothingThatIsNoSha256(String name) {
    assertThatThrownBy(() -> store.path(name)).isInstanceOf(IllegalArgumentException.class);
  }

  private long files() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
