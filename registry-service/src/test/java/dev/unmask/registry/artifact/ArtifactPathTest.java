package dev.unmask.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ArtifactPathTest {

  @Test
  void fitsAnIndexOfTheDatabaseWhateverItsLetters() {
    assertThat(new ArtifactPath("a".repeat(1_000)).value()).hasSize(1_000);
    assertThat(new ArtifactPath("文".repeat(833)).name()).hasSize(833);

    assertThatThrownBy(() -> new ArtifactPath("a".repeat(1_001))).hasMessage("Invalid path");
    assertThatThrownBy(() -> new ArtifactPath("文".repeat(834))).hasMessage("Invalid path");
  }
}
