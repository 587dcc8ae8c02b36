package dev.unmask.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    Blob blob = put("abc");

    assertThat(blob.sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(blob.size()).isEqualTo(3);
    assertThat(Files.readString(store.path(blob.sha256()))).isEqualTo("abc");
  }

  @Test
  void keepsEqualContentsOnce() throws IOException {
    put("abc");
    put("abc");

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

    assertThatThrownBy(() -> store.receive(bytes("abcd"), 3))
        .isInstanceOf(BlobStore.ContentTooLargeException.class);
    assertThatThrownBy(() -> store.receive(broken, 10_000)).hasMessage("connection lost");
    assertThat(files()).isZero();
  }

  @Test
  void keepsNothingOfADraftThatIsClosedWithoutAWord() throws IOException {
    store.receive(bytes("abc"), 10).close();

    assertThat(files()).isZero();
  }

  @Test
  void putsABlobBackThatWasRemovedAfterItsBytesHadComeAgain() throws IOException {
    Blob blob = put("abc");
    try (BlobStore.Draft again = store.receive(bytes("abc"), 10)) {
      assertThat(store.remove(blob.sha256())).isEqualTo(3);

      again.keep();
    }

    assertThat(Files.readString(store.path(blob.sha256()))).isEqualTo("abc");
    assertThat(files()).isEqualTo(1);
  }

  @Test
  void freesNothingByRemovingWhatIsAbsent() throws IOException {
    assertThat(store.remove("0".repeat(64))).isZero();
  }

  @Test
  void listsBlobsAndNothingElse() throws IOException {
    Blob one = put("abc");
    Blob two = put("defg");
    Files.writeString(folder.resolve("blobs").resolve("ba").resolve("notes.txt"), "x");

    List<Blob> listed = new ArrayList<>();
    try (BlobStore.Draft draft = store.receive(bytes("on its way"), 100)) {
      store.forEach(stored -> listed.add(stored.blob()));
      assertThat(draft.blob().size()).isEqualTo(10);
    }

    assertThat(listed).containsExactlyInAnyOrder(one, two);
  }

  @Test
  void sweepsDraftsThatStandStillAndNoOther() throws IOException {
    Instant now = Instant.parse("2026-01-01T12:00:00Z");
    Path drafts = folder.resolve("blobs").resolve("drafts");
    Path dead = Files.writeString(drafts.resolve("dead.draft"), "x");
    Path living = Files.writeString(drafts.resolve("living.draft"), "x");
    Files.setLastModifiedTime(dead, FileTime.from(now.minusSeconds(61)));
    Files.setLastModifiedTime(living, FileTime.from(now.minusSeconds(59)));

    int swept = store.sweepDrafts(now.minusSeconds(60));

    assertThat(swept).isEqualTo(1);
    assertThat(dead).doesNotExist();
    assertThat(living).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "../../etc/passwd", "BA7816BF"})
  void opensNothingThatIsNoSha256(String name) {
    assertThatThrownBy(() -> store.path(name)).isInstanceOf(IllegalArgumentException.class);
  }

  private Blob put(String text) throws IOException {
    try (BlobStore.Draft draft = store.receive(bytes(text), 10)) {
      draft.keep();
      return draft.blob();
    }
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
