package dev.unmask.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.registry.artifact.Artifact;
import dev.unmask.registry.artifact.Blob;
import java.util.List;
import java.util.Set;
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

    assertThatThrownBy(() -> Manifest.ofAccepted(files, Set.of("json")))
        .hasMessageContaining("[x.pkl, y.PT, z]");
  }

  @Test
  void takesKindsByTheirEndingOrTheWholeNameInAnyCase() {
    List<Artifact> files =
        List.of(
            CONFIG, file("v1.0/MLmodel", "1"), file("a/X.JSON", "2"), file("tokenizer.model", "3"));
    Set<String> kinds = Set.of("json", "mlmodel", "tokenizer.model");

    assertThat(Manifest.ofAccepted(files, kinds).files()).hasSize(4);
    assertThatThrownBy(() -> Manifest.ofAccepted(List.of(file("x.model", "1")), kinds))
        .hasMessageContaining("x.model");
    assertThatThrownBy(() -> Manifest.ofAccepted(List.of(file("json/weights", "1")), kinds))
        .hasMessageContaining("json/weights");
  }

  private static Artifact file(String path, String digit) {
    return new Artifact(path, new Blob(digit.repeat(64), 1));
  }
}
