package dev.unmask.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.registry.artifact.Artifact;
import dev.unmask.registry.artifact.Blob;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final Artifact CONFIG = file("config.json", "a");
  private static final Artifact WEIGHTS = file("model.safetensors", "b");

  @Test
  void hasADigestThatDoesNotDependOnTheOrderOfFiles() {
    String digest = new Manifest(List.of(CONFIG, WEIGHTS)).digest();

    assertThat(new Manifest(List.of(WEIGHTS, CONFIG)).digest()).isEqualTo(digest);
    assertThat(digest).matches("sha256:[0-9a-f]{64}");
  }

  @Test
  void hasAnotherDigestForAnotherNameOrContent() {
    String digest = new Manifest(List.of(CONFIG)).digest();

    assertThat(new Manifest(List.of(file("config.json", "b"))).digest()).isNotEqualTo(digest);
    assertThat(new Manifest(List.of(file("other.json", "a"))).digest()).isNotEqualTo(digest);
  }

  @Test
  void isWhatSha256sumSaysOfTheLines() {
    // printf '%064d  config.json\n' 0 | sha256sum
    assertThat(new Manifest(List.of(file("config.json", "0"))).digest())
        .isEqualTo("sha256:927597cf42b7d2afd7f1a1e02f94e15a69f9dc025bb7132fa7ef359807280eaf");
  }

  @Test
  void namesEveryFileOfAKindThatIsNotAccepted() {
    List<Artifact> files = List.of(CONFIG, file("x.pkl", "1"), file("y.PT", "2"), file("z", "3"));

    assertThatThrownBy(() -> Manifest.ofAccepted(files))
        .hasMessageContaining("x.pkl")
        .hasMessageContaining("y.PT")
        .hasMessageContaining("z");
  }

  private static Artifact file(String path, String digit) {
    return new Artifact(path, new Blob(digit.repeat(64), 1));
  }
}
