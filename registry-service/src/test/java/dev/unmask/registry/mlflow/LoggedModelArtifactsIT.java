package dev.unmask.registry.mlflow;

import static dev.unmask.registry.mlflow.BadInputIT.refused;
import static dev.unmask.registry.mlflow.TrackedTeam.API;
import static dev.unmask.registry.mlflow.TrackedTeam.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Files of logged models: the same guarantees as those of runs. */
class LoggedModelArtifactsIT {
  private final RegistryServer registry = RegistryServer.shared();
  private final Client client = registry.team("model-files-" + UUID.randomUUID());
  private final TrackedTeam team = TrackedTeam.of(client);
  private String model = "";
  private String root = "";

  @BeforeEach
  void logModel() {
    model = team.logModel("files");
    root = team.folder(model);
  }

  @Test
  void givesBackWhatWasPutByBothPrefixes() {
    byte[] bytes = new byte[300_000];
    new Random(7).nextBytes(bytes);

    assertThat(put("a b/x.bin", bytes).text()).isEqualTo("{}");

    for (String address : List.of(root, "/ajax-" + root.substring(1))) {
      Answer answer = client.get(address + "a%20b/x.bin");
      assertThat(answer.response().body()).isEqualTo(bytes);
      assertThat(answer.response().headers().firstValue("Content-Disposition").orElse(""))
          .startsWith("attachment");
      assertThat(answer.response().headers().firstValue("X-Content-Type-Options"))
          .hasValue("nosniff");
    }
  }

  @Test
  void takesAnEmptyFileInChunksAndReplacesFiles() {
    Answer answer =
        client.send(
            "PUT",
            root + "f.txt",
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[0])));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(client.get(root + "f.txt").response().body()).isEmpty();

    put("f.txt", "new".getBytes());

    assertThat(client.get(root + "f.txt").text()).isEqualTo("new");
  }

  @Test
  void listsFoldersByModelAndByAddress() {
    put("data/config.json", "{}".getBytes());
    put("data/deep/x.txt", "x".getBytes());
    put("MLmodel", "a: 1".getBytes());

    JsonNode all = directories("");
    assertThat(all.get("root_uri").stringValue())
        .isEqualTo("mlflow-artifacts:/" + team.experiment() + "/models/" + model + "/artifacts");
    assertThat(all.get("files").toString())
        .isEqualTo(
            "[{\"path\":\"MLmodel\",\"is_dir\":false,\"file_size\":4},"
                + "{\"path\":\"data\",\"is_dir\":true}]");
    assertThat(directories("data").at("/files/0/path").stringValue()).isEqualTo("data/config.json");
    assertThat(directories("none").has("files")).isFalse();
    JsonNode byAddress = byAddress("/data");
    assertThat(byAddress.at("/files/0/path").stringValue()).isEqualTo("config.json");
    assertThat(byAddress.at("/files/1/is_dir").booleanValue()).isTrue();
    assertThat(byAddress("").get("files")).hasSize(2);
  }

  @Test
  void listsLongFoldersInPagesAndWholeToTheProxysClients() {
    addFiles("model_uid", "SELECT uid FROM logged_models WHERE model_id = ?", model);

    assertThat(pages(API + "logged-models/" + model + "/artifacts/directories?x=1"))
        .hasSize(2_500)
        .doesNotHaveDuplicates()
        .isSorted();
    assertThat(byAddress("").get("files")).hasSize(2_500);
  }

  @Test
  void listsLongFoldersOfRunsInPages() {
    String run = team.startRun();
    addFiles("run_uid", "SELECT uid FROM runs WHERE run_id = ?", run);

    assertThat(pages(API + "artifacts/list?run_id=" + run))
        .hasSize(2_500)
        .doesNotHaveDuplicates()
        .isSorted();
  }

  @Test
  void refusesATokenThatIsNoneOfIts() {
    for (String token : List.of("%25", "AA%3D%3D", "Li4vLi4veA%3D%3D")) {
      refused(
          client.get(API + "logged-models/" + model + "/artifacts/directories?page_token=" + token),
          400,
          "INVALID_PARAMETER_VALUE",
          "Invalid pa");
    }
  }

  @Test
  void deletesFilesAndFoldersAndMissesNothing() {
    put("d/one.txt", "1".getBytes());
    put("d/two.txt", "2".getBytes());

    assertThat(client.send("DELETE", root + "d", BodyPublishers.noBody()).status()).isEqualTo(200);
    assertThat(client.send("DELETE", root + "d", BodyPublishers.noBody()).status()).isEqualTo(200);
    refused(client.get(root + "d/one.txt"), 404, "RESOURCE_DOES_NOT_EXIST", "No such artifact");
  }

  @Test
  void refusesAFileWhereAFolderIsAndAFolderWhereAFileIs() {
    put("x/y", "1".getBytes());

    assertThat(put("x", "2".getBytes()).status()).isEqualTo(400);
    assertThat(put("x/y/z", "3".getBytes()).status()).isEqualTo(400);
    assertThat(client.get(root + "x/y").text()).isEqualTo("1");
  }

  @Test
  void keepsFilesOfARunAndOfAModelApart() {
    String run = team.startRun();
    put("same.txt", "model".getBytes());
    String ofRun = TrackedTeam.FILES + team.experiment() + "/" + run + "/artifacts/same.txt";
    done(client.send("PUT", ofRun, BodyPublishers.ofString("run")));

    assertThat(client.get(root + "same.txt").text()).isEqualTo("model");
    assertThat(client.get(ofRun).text()).isEqualTo("run");
    client.send("DELETE", ofRun, BodyPublishers.noBody());
    assertThat(client.get(root + "same.txt").text()).isEqualTo("model");
  }

  @Test
  void findsAModelUnderItsOwnExperimentOnly() {
    put("x", "1".getBytes());
    String elsewhere = root.replace("/" + team.experiment() + "/", "/0/");

    for (Answer answer :
        List.of(
            client.get(elsewhere + "x"),
            client.send("PUT", elsewhere + "x", BodyPublishers.ofString("2")),
            client.send("DELETE", elsewhere + "x", BodyPublishers.noBody()),
            client.get(root.replace(model, "m-" + "0".repeat(32)) + "x"),
            client.get(root.replace(model, "artifacts") + "x"))) {
      refused(answer, 404, "RESOURCE_DOES_NOT_EXIST", "not found");
    }
    assertThat(client.get(root + "x").text()).isEqualTo("1");
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

    Answer put = client.send("PUT", root + path, BodyPublishers.ofString("evil"));
    Answer get = client.get(root + path);

    assertThat(put.status()).as(path + put).isEqualTo(400);
    assertThat(get.status()).as(path + get).isEqualTo(400);
    assertThat(files(registry.folder())).isEqualTo(before);
    assertThat(directories("").has("files")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../x", "%2e%2e%2fx", "%252e%252e", "/etc", "a%00", "a%5cb", "file:x"})
  void refusesToListSuchPaths(String path) {
    refused(
        client.get(
            API
                + "logged-models/"
                + model
                + "/artifacts/directories?artifact_directory_path="
                + path),
        400,
        "INVALID_PARAMETER_VALUE",
        "Invalid");
  }

  @Test
  void refusesAPathThatIsTooLong() {
    assertThat(put("a/".repeat(500) + "x", new byte[1]).status()).isEqualTo(400);
  }

  @Test
  void refusesAnUploadOverItsLimit() {
    refused(
        put("x", new byte[1024 * 1024 + 1]),
        413,
        "INVALID_PARAMETER_VALUE",
        "at most 1048576 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "complete", "abort"})
  void answersThatUploadsInPartsAreNotServed(String step) {
    for (String prefix : List.of("/api", "/ajax-api")) {
      refused(
          client.send(
              "POST",
              prefix + "/2.0/mlflow-artifacts/mpu/" + step + "/0/models/m/artifacts/x",
              "{\"path\": \"x\", \"num_parts\": 2}"),
          501,
          "NOT_IMPLEMENTED",
          "PUT the whole file");
    }
  }

  private Answer put(String path, byte[] bytes) {
    return client.send("PUT", root + path.replace(" ", "%20"), BodyPublishers.ofByteArray(bytes));
  }

  private JsonNode directories(String folder) {
    return done(
        client.get(
            API
                + "logged-models/"
                + model
                + "/artifacts/directories?artifact_directory_path="
                + folder));
  }

  private JsonNode byAddress(String folder) {
    return done(
        client.get(
            "/api/2.0/mlflow-artifacts/artifacts?path="
                + team.experiment()
                + "/models/"
                + model
                + "/artifacts"
                + folder));
  }

  private List<String> pages(String call) {
    List<String> paths = new ArrayList<>();
    String token = "";
    int pages = 0;
    do {
      JsonNode page = done(client.get(call + "&page_token=" + token));
      page.path("files").forEach(file -> paths.add(file.get("path").stringValue()));
      token = page.path("next_page_token").stringValue("");
      pages++;
    } while (!token.isEmpty());
    assertThat(pages).isEqualTo(3);
    return paths;
  }

  /** More names than a test would put one by one. */
  private void addFiles(String column, String owner, String id) {
    registry
        .bean(JdbcTemplate.class)
        .update(
            "INSERT INTO artifacts ("
                + column
                + ", path, sha256, size, updated_at)"
                + " SELECT ("
                + owner
                + "), to_char(n, 'FM00000') || '.txt', repeat('0', 64), 1, now()"
                + " FROM generate_series(1, 2500) AS n",
            id);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
