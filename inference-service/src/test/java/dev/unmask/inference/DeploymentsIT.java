package dev.unmask.inference;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.inference.RunningService.Answer;
import dev.unmask.inference.api.CreateDeployment;
import dev.unmask.inference.api.DecodingSettings;
import dev.unmask.inference.api.DeploymentStatus;
import dev.unmask.inference.api.DeploymentView;
import dev.unmask.inference.api.DeploymentsApi;
import dev.unmask.inference.api.ScoreRequest;
import dev.unmask.inference.engine.ScriptedModel;
import dev.unmask.testing.Await;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import dev.unmask.testing.TestTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import tools.jackson.databind.JsonNode;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeploymentsIT {
  private static final String DEPLOYMENTS = "/api/v1/inference/deployments";

  private Path scratch;
  private FakeRegistry registry;
  private TestDatabase database;
  private RunningService service;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    scratch = directory;
    registry = new FakeRegistry();
    registry.register("demo", 3, "champion", files("demo"));
    database = PostgresExtension.freshDatabase();
    service = RunningService.scripted(database, scratch.resolve("a/b/c"), registry.url());
  }

  @AfterAll
  void stop() {
    service.close();
    registry.close();
  }

  @Test
  void servesTheContractThatItsClientsAreMadeFrom() {
    DeploymentsApi api =
        HttpServiceProxyFactory.builderFor(
                RestClientAdapter.create(
                    RestClient.builder()
                        .baseUrl(service.base().toString())
                        .defaultHeader(
                            "Authorization", "Bearer " + TestTokens.jwt("ada", "team", "member"))
                        .build()))
            .build()
            .createClient(DeploymentsApi.class);
    DecodingSettings settings = new DecodingSettings(4, 0.8, null, null, null, 0.7, null, 11L, 24);

    DeploymentView created =
        requireNonNull(
            api.create(new CreateDeployment("contract", "models:/demo/3", settings, null))
                .getBody());

    assertThat(created.version()).isEqualTo(3);
    assertThat(created.digest()).startsWith("sha256:");
    assertThat(created.decoding()).isEqualTo(settings);
    Await.until(
        "it is ready",
        RunningService.SOON,
        () -> api.get(created.id()).status() == DeploymentStatus.READY);
    assertThat(api.list()).extracting(DeploymentView::id).contains(created.id());
    assertThat(api.score(created.id(), ScoreRequest.ofText("abcd")).tokens()).isEqualTo(4);
    assertThat(completion("contract").at("/diffusion/seed").longValue()).isEqualTo(11);
    assertThat(completion("contract").at("/diffusion/max_tokens").longValue()).isEqualTo(24);
    assertThat(completion("contract").at("/diffusion/threshold").doubleValue()).isEqualTo(0.8);
    api.delete(created.id());
    assertThat(service.get(DEPLOYMENTS + "/" + created.id()).status()).isEqualTo(404);
    assertThat(registry.teams).contains("team");
  }

  @Test
  void aMissingAliasIsNamedAndChangesNothing() {
    int before = service.get(DEPLOYMENTS).json().size();

    Answer answer = create("x", "models:/demo@nobody");
    Answer version = create("x", "models:/demo/77");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.json().get("code").stringValue()).isEqualTo("MODEL_ALIAS_NOT_FOUND");
    assertThat(answer.json().get("detail").stringValue()).contains("nobody").contains("demo");
    assertThat(version.json().get("code").stringValue()).isEqualTo("MODEL_VERSION_NOT_FOUND");
    assertThat(service.get(DEPLOYMENTS).json().size()).isEqualTo(before);
  }

  @Test
  void namesEveryFaultOfABadRequest() {
    Answer answer =
        service.post(
            DEPLOYMENTS,
            """
            {"name": "../x", "model": "demo",
             "decoding": {"threshold": 2, "temperature": -1, "blockSize": 0}}""");
    Answer unknown =
        service.post(DEPLOYMENTS, "{\"name\":\"x\",\"model\":\"models:/demo/3\",\"colour\":1}");
    Answer two =
        service.post(
            DEPLOYMENTS,
            """
            {"name": "x", "model": "models:/demo/3", "decoding": {"threshold": 0.5, "factor": 1}}""");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("errors").toString())
        .contains("name", "model", "decoding.threshold", "decoding.temperature")
        .contains("decoding.blockSize");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.body()).contains("colour");
    assertThat(two.body()).contains("at most one of");
  }

  @Test
  void aNameIsUniqueWithinTheTeam() {
    JsonNode first = service.deploy("unique", "models:/demo/3");

    Answer second = create("unique", "models:/demo/3");

    assertThat(second.status()).isEqualTo(409);
    assertThat(second.json().get("code").stringValue()).isEqualTo("ALREADY_EXISTS");
    service.delete(DEPLOYMENTS + "/" + first.get("id").stringValue());
  }

  @Test
  void showsEachTeamOnlyItsOwnAndAsksForTheRole() {
    JsonNode mine = service.deploy("mine", "models:/demo/3");
    String path = DEPLOYMENTS + "/" + mine.get("id").stringValue();
    String body = "{\"name\":\"viewers\",\"model\":\"models:/demo/3\"}";

    assertThat(service.as("stranger", path, null).status()).isEqualTo(404);
    assertThat(service.as("stranger", DEPLOYMENTS, null).json().isEmpty()).isTrue();
    assertThat(service.as("viewer", path, null).status()).isEqualTo(200);
    assertThat(service.as("viewer", DEPLOYMENTS, body).status()).isEqualTo(403);
    assertThat(service.as("viewer", path + "/score", "{\"text\":\"a\"}").status()).isEqualTo(403);
    service.delete(path);
  }

  @Test
  void aFileThatIsNotTheRegisteredOneFailsTheDeploymentAndNamesTheFile() {
    registry.register("swapped", 1, "champion", files("swapped"));
    requireNonNull(registry.files.get("swapped/1"))
        .put("config.json", "{\"evil\":1} ".substring(0, 9).getBytes(StandardCharsets.UTF_8));
    registry.register("forged", 1, "champion", files("forged"));
    requireNonNull(registry.versions.get("forged/1")).put("digest", "sha256:" + "0".repeat(64));

    JsonNode swapped = service.deploy("swapped", "models:/swapped/1");
    JsonNode forged = service.deploy("forged", "models:/forged/1");

    assertThat(swapped.get("status").stringValue()).isEqualTo("FAILED");
    assertThat(swapped.get("detail").stringValue()).contains("config.json");
    assertThat(forged.get("status").stringValue()).isEqualTo("FAILED");
    assertThat(forged.get("detail").stringValue()).contains("manifest");
    Answer refused = service.post("/v1/completions", "{\"model\":\"swapped\",\"prompt\":\"a\"}");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.json().at("/error/message").stringValue()).contains("FAILED");
  }

  @Test
  void namesFromTheRegistryNeverBecomePaths() throws IOException {
    Map<String, byte[]> files =
        Map.of(
            "../../escaped.json", "a".getBytes(StandardCharsets.UTF_8),
            "/tmp/escaped.json", "b".getBytes(StandardCharsets.UTF_8),
            "nested/config.json", "c".getBytes(StandardCharsets.UTF_8),
            "config.json", "d".getBytes(StandardCharsets.UTF_8));
    registry.register("escaping", 1, "champion", files);

    service.deploy("escaping", "models:/escaping/1");

    try (Stream<Path> all = Files.walk(scratch)) {
      assertThat(all.map(Path::getFileName).map(Path::toString)).doesNotContain("escaped.json");
    }
    assertThat(Path.of("/tmp/escaped.json")).doesNotExist();
  }

  @Test
  void answers503WhenTheRegistryIsAway() {
    registry.away = true;
    try {
      Answer answer = create("away", "models:/demo/3");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.json().get("code").stringValue()).isEqualTo("REGISTRY_UNAVAILABLE");
    } finally {
      registry.away = false;
    }
  }

  @Test
  void deploymentsOutliveARestartWithTheFilesAtHandAndWithoutTheRegistry(@TempDir Path other)
      throws IOException {
    try (FakeRegistry own = new FakeRegistry()) {
      own.register("kept", 1, "champion", files("kept"));
      TestDatabase ownDatabase = PostgresExtension.freshDatabase();
      String id;
      try (RunningService first =
          RunningService.scripted(ownDatabase, other.resolve("a"), own.url())) {
        id = first.deploy("kept", "models:/kept@champion").get("id").stringValue();
      }
      int downloads = own.downloads.get();
      own.away = true;

      try (RunningService second =
          RunningService.scripted(ownDatabase, other.resolve("a"), own.url())) {
        assertThat(second.loaded(id).get("status").stringValue()).isEqualTo("READY");
        assertThat(own.downloads).hasValue(downloads);
      }

      try (RunningService elsewhere =
          RunningService.scripted(
              ownDatabase,
              other.resolve("b"),
              own.url(),
              "--unmask.inference.engine.drain-timeout=200ms")) {
        Await.until(
            "it says what it waits for",
            RunningService.SOON,
            () -> elsewhere.get(DEPLOYMENTS + "/" + id).body().contains("registry"));
        assertThat(elsewhere.get(DEPLOYMENTS + "/" + id).json().get("status").stringValue())
            .isEqualTo("LOADING");
        assertThat(
                elsewhere.post("/v1/completions", "{\"model\":\"kept\",\"prompt\":\"a\"}").status())
            .isEqualTo(503);

        own.away = false;

        assertThat(elsewhere.loaded(id).get("status").stringValue()).isEqualTo("READY");
        endsOpenStreamsWithAnErrorWhenItStops(elsewhere);
      }
    }
  }

  private static void endsOpenStreamsWithAnErrorWhenItStops(RunningService running) {
    ScriptedModel model = running.script();
    model.permits.drainPermits();
    CompletableFuture<Answer> stream =
        CompletableFuture.supplyAsync(
            () ->
                running.post(
                    "/v1/completions",
                    "{\"model\":\"kept\",\"prompt\":\"a\",\"max_tokens\":400,\"stream\":true}"));
    Await.until("it runs", RunningService.SOON, () -> model.openDenoisings.get() == 1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(running::close);
    Await.until(
        "it stopped",
        RunningService.SOON,
        () -> {
          if (model.permits.availablePermits() == 0) {
            model.permits.release(1);
          }
          return stream.isDone();
        });

    List<String> events = stream.join().events();
    assertThat(events.getLast()).contains("\"error\"").contains("stopped");
    closing.join();
  }

  private Answer create(String name, String model) {
    return service.post(DEPLOYMENTS, "{\"name\":\"%s\",\"model\":\"%s\"}".formatted(name, model));
  }

  private JsonNode completion(String model) {
    return service.post("/v1/completions", "{\"model\":\"" + model + "\",\"prompt\":\"a\"}").json();
  }

  private static Map<String, byte[]> files(String about) {
    return Map.of(
        "config.json", ("{\"a\":\"" + about + "\"}").getBytes(StandardCharsets.UTF_8),
        "README.md", about.getBytes(StandardCharsets.UTF_8));
  }
}
