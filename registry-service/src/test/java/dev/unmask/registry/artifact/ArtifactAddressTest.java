package dev.unmask.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.artifact.ArtifactOwner.OfLoggedModel;
import dev.unmask.registry.artifact.ArtifactOwner.OfRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactAddressTest {

  @Test
  void namesAFileOfARunOrOfALoggedModel() {
    assertThat(ArtifactAddress.parse("7/abc/artifacts/a/b.txt"))
        .hasValue(new ArtifactAddress("7", new OfRun("abc"), "a/b.txt"));
    assertThat(ArtifactAddress.parse("7/models/m-1/artifacts"))
        .hasValue(new ArtifactAddress("7", new OfLoggedModel("m-1"), ""));
    assertThat(ArtifactAddress.parse("7/models/m-1/artifacts/artifacts/x"))
        .hasValue(new ArtifactAddress("7", new OfLoggedModel("m-1"), "artifacts/x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlflow-artifacts:/7/abc/artifacts/a",
        "mlflow-artifacts:/7/abc/artifacts",
        "mlflow-artifacts:/7/models/m-1/artifacts/a/b"
      })
  void isWrittenAsItWasRead(String uri) {
    assertThat(ArtifactAddress.parseUri(uri).orElseThrow().uri()).isEqualTo(uri);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "7/abc",
        "7/abc/other/a",
        "7/models/m-1",
        "7/models/m-1/x/artifacts",
        "../abc/artifacts/a",
        "7//artifacts/a",
        "/7/abc/artifacts"
      })
  void isNothingElse(String address) {
    assertThat(ArtifactAddress.parse(address)).isEmpty();
  }

  @Test
  void hasNoOtherSchemeOrServer() {
    assertThat(ArtifactAddress.parseUri("file:/7/abc/artifacts")).isEmpty();
    assertThat(ArtifactAddress.parseUri("mlflow-artifacts://host/7/abc/artifacts")).isEmpty();
    assertThat(ArtifactAddress.parseUri("7/abc/artifacts")).isEmpty();
  }
}
