package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactsIT {
  private final RegistryServer registry = RegistryServer.shared();
  private final Client team = registry.team("artifacts-" + UUID.randomUUID());
  private String run = "";
  private String root = "";

  @BeforeEach
  void startRun() {
    run =
        team.post("runs/create", "{\"experiment_id\": \"0\"}")
            .json()
            .at("/run/info/run_id")
            .stringValue();
    root = "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/";
  }

  @Test
  void givesBackWhatWasPut() {
    byte[] bytes = new byte[300_000];
    new Random(7).nextBytes(bytes);

    assertThat(put("a b/x.bin", bytes).text()).isEqualTo("{}");
    Answer answer = team.get(root + "a%20b/x.bin");

    assertThat(answer.response().body()).isEqualTo(bytes);
    assertThat(answer.response().headers().firstValue("Content-Disposition").orElse(""))
        .startsWith("attachment");
    assertThat(answer.response().headers().firstValue("X-Content-Type-Options"))
        .hasValue("nosniff");
  }

  @Test
  void takesAnEmptyFileInChunks() {
    Answer answer =
        team.send(
            "PUT",
            root + "empty.txt",
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[0])));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(team.get(root + "empty.txt").response().body()).isEmpty();
  }

  @Test
  void listsFoldersByRunAndByAddress() {
    put("model/config.json", "{}".getBytes());
    put("model/deep/x.txt", "x".getBytes());
    put("notes.md", "# n".getBytes());

    var byRun = team.get("/api/2.0/mlflow/artifacts/list?run_id=" + run).json();
    assertThat(byRun.get("root_uri").stringValue())
        .isEqualTo("mlflow-artifacts:/0/" + run + "/artifacts");
    assertThat(byRun.at("/files/0/path").stringValue()).isEqualTo("model");
    assertThat(byRun.at("/files/0/is_dir").booleanValue()).isTrue();
    assertThat(byRun.at("/files/0/file_size").isMissingNode()).isTrue();
    assertThat(byRun.at("/files/1/file_size").intValue()).isEqualTo(3);
    var inside = team.get("/api/2.0/mlflow/artifacts/list?path=model&run_id=" + run).json();
    assertThat(inside.at("/files/0/path").stringValue()).isEqualTo("model/config.json");
    var byAddress =
        team.get("/api/2.0/mlflow-artifacts/artifacts?path=0/" + run + "/artifacts/model").json();
    assertThat(byAddress.at("/files/0/path").stringValue()).isEqualTo("config.json");
    assertThat(byAddress.at("/files/1/is_dir").booleanValue()).isTrue();
    assertThat(
            team.get("/api/2.0/mlflow-artifacts/artifacts?path=0/" + run + "/artifacts/none")
                .text())
        .isEqualTo("{}");
  }

  @Test
  void deletesFilesAndFoldersAndMissesNothing() {
    put("d/one.txt", "1".getBytes());
    put("d/two.txt", "2".getBytes());

    assertThat(team.send("DELETE", root + "d", BodyPublishers.noBody()).status()).isEqualTo(200);
    assertThat(team.send("DELETE", root + "d", BodyPublishers.noBody()).status()).isEqualTo(200);
    BadInputIT.refused(
        team.get(root + "d/one.txt"), 404, "RESOURCE_DOES_NOT_EXIST", "No such artifact");
  }

  @Test
  void refusesAFileWhereAFolderIsAndAFolderWhereAFileIs() {
    put("x/y", "1".getBytes());

    assertThat(put("x", "2".getBytes()).status()).isEqualTo(400);
    assertThat(put("x/y/z", "3".getBytes()).status()).isEqualTo(400);
    assertThat(team.get(root + "x/y").text()).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret",
        "%2e%2e/secret",
        "..%2f..%2fsecret",
        "%252e%252e%252fsecret",
        "a%5cb",
        "..%5c..%5cx",
        "a%00b",
        "a%23b",
        "a%3fb",
        "a;b",
        "a%3bb",
        "//etc/passwd",
        "./x",
        "a/./b",
        "%2fetc%2fpasswd",
        "C%3a/x",
        "a%E2%88%95b",
        "a%EF%BC%8Fb",
        "a%0ab",
        "file%3a///etc/passwd"
      })
  void refusesPathsThatAreNotPlainNames(String path) throws IOException {
    List<Path> before = files(registry.folder());

    Answer put = team.send("PUT", root + path, BodyPublishers.ofString("evil"));
    Answer get = team.get(root + path);

    assertThat(put.status()).as(path + put).isEqualTo(400);
    assertThat(get.status()).as(path + get).isEqualTo(400);
    assertThat(files(registry.folder())).isEqualTo(before);
    assertThat(team.get("/api/2.0/mlflow/artifacts/list?run_id=" + run).json().has("files"))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../x", "%2e%2e%2fx", "%252e%252e", "/etc", "a%00", "a%5cb", "file:x"})
  void refusesToListSuchPaths(String path) {
    BadInputIT.refused(
        team.get("/api/2.0/mlflow/artifacts/list?run_id=" + run + "&path=" + path),
        400,
        "INVALID_PARAMETER_VALUE",
        "Invalid");
  }

  @Test
  void refusesAPathThatIsTooLong() {
    assertThat(put("a/".repeat(500) + "x", new byte[1]).status()).isEqualTo(400);
  }

  @Test
  void keepsEqualContentsOnceReadableByTheOwnerAlone() throws IOException {
    String unique = UUID.randomUUID().toString();
    put("one.txt", unique.getBytes());
    int before = files(registry.folder().resolve("blobs")).size();

    put("two.txt", unique.getBytes());

    List<Path> blobs = files(registry.folder().resolve("blobs"));
    assertThat(blobs).hasSize(before);
    assertThat(blobs)
        .allSatisfy(
            blob ->
                assertThat(Files.getPosixFilePermissions(blob))
                    .noneMatch(permission -> !permission.name().startsWith("OWNER_")));
  }

  @Test
  void makesAVersionOfAcceptedFilesOnlyAndNeverChangesIt() {
    put("model/config.json", "{}".getBytes());
    team.post("registered-models/create", "{\"name\": \"m\"}");
    String create = "{\"name\": \"m\", \"source\": \"runs:/%s/model\"}".formatted(run);

    put("model/code.pkl", "evil".getBytes());
    BadInputIT.refused(
        team.post("model-versions/create", create), 400, "INVALID_PARAMETER_VALUE", "code.pkl");
    team.send("DELETE", root + "model/code.pkl", BodyPublishers.noBody());
    assertThat(team.post("model-versions/create", create).status()).isEqualTo(200);
    var before = team.get("/api/v1/registry/models/m/versions/1").json();
    put("model/config.json", "{\"changed\": true}".getBytes());
    team.send("DELETE", root + "model", BodyPublishers.noBody());

    var after = team.get("/api/v1/registry/models/m/versions/1").json();
    assertThat(after).isEqualTo(before);
    assertThat(after.get("digest").stringValue())
        .isEqualTo("sha256:" + sha256(sha256("{}") + "  config.json\n"));
    assertThat(team.get("/api/v1/registry/models/m/versions/1/files?path=config.json").text())
        .isEqualTo("{}");
    assertThat(team.get("/api/v1/registry/models/m/versions/1/files?path=other").status())
        .isEqualTo(404);
  }

  @Test
  void refusesAnUploadOverItsLimitWithOrWithoutAnAnnouncement() throws IOException {
    byte[] large = new byte[1024 * 1024 + 1];
    int before = files(registry.folder()).size();

    Answer announced = put("x", large);
    Answer chunked =
        team.send(
            "PUT", root + "x", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)));

    BadInputIT.refused(announced, 413, "INVALID_PARAMETER_VALUE", "at most 1048576 bytes");
    BadInputIT.refused(chunked, 413, "INVALID_PARAMETER_VALUE", "at most 1048576 bytes");
    assertThat(files(registry.folder())).hasSize(before);
    assertThat(put("x", new byte[1024 * 1024]).status()).isEqualTo(200);
  }

  private Answer put(String path, byte[] bytes) {
    return team.send("PUT", root + path.replace(" ", "%20"), BodyPublishers.ofByteArray(bytes));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              java.security.MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
