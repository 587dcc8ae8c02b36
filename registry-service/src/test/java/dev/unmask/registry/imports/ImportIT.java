package dev.unmask.registry.imports;

import static dev.unmask.registry.imports.SourceTeam.body;
import static dev.unmask.registry.imports.SourceTeam.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.registry.access.Teams;
import dev.unmask.testing.Await;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** A team of one registry brought over to another one, as from any MLflow server. */
class ImportIT {
  private static final String IMPORTS = "/api/v1/registry/imports";
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final SourceTeam SOURCE = new SourceTeam();
  private static final Between BETWEEN = between();
  private static final RegistryServer TARGET =
      RegistryServer.start(
          "--unmask.registry.imports.trusted-targets=127.0.0.1:" + BETWEEN.port(),
          "--unmask.registry.imports.every=50ms",
          "--unmask.registry.imports.pauses=100ms,100ms,100ms");

  private Client admin = TARGET.anonymous();

  private static Between between() {
    try {
      return new Between(RegistryServer.shared().url());
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  @BeforeAll
  static void startsWithAFullSource() {
    assertThat(SOURCE.runs).hasSize(6);
  }

  @BeforeEach
  void newTeam() {
    admin = new Teams(TARGET).caller(Teams.ADMIN);
    BETWEEN.status = 0;
  }

  @AfterEach
  void endImports() {
    BETWEEN.hold(path -> false);
    for (JsonNode one : admin.get(IMPORTS).json()) {
      admin.send("DELETE", IMPORTS + "/" + one.get("id").stringValue(), BodyPublishers.noBody());
    }
  }

  @AfterAll
  static void stop() {
    TARGET.close();
    BETWEEN.close();
  }

  @Test
  void bringsEverythingAsItIsAndAgainWithoutAnyChange() {
    JsonNode done = ended(start(""));

    assertThat(done.get("state").stringValue()).as(done::toString).isEqualTo("FINISHED");
    assertThat(done.get("faults")).as(done::toString).isEmpty();
    assertThat(done.at("/progress/runs").longValue()).isEqualTo(6);
    assertThat(done.at("/progress/versions").longValue()).isEqualTo(2);
    SortedMap<String, Object> there = everything(SOURCE.admin);
    SortedMap<String, Object> here = everything(admin);
    assertThat(here.keySet()).isEqualTo(there.keySet());
    assertThat(here).hasSize(9);
    here.forEach((what, told) -> assertThat(told).as(what).isEqualTo(there.get(what)));
    assertThat(history("run 0", "long")).hasSize(SourceTeam.POINTS);
    Set<String> ids = runIds(admin);

    JsonNode again = ended(start(""));

    assertThat(again.get("faults")).as(again::toString).isEmpty();
    assertThat(everything(admin)).isEqualTo(here);
    assertThat(runIds(admin)).isEqualTo(ids);
    Client second = new Teams(TARGET).caller(Teams.ADMIN);
    ended(second, ok(second.send("POST", IMPORTS, request(""))).json());
    assertThat(everything(second)).as("ids that are taken here").isEqualTo(here);
    assertThat(runIds(second)).hasSize(6).doesNotContainAnyElementsOf(ids);
  }

  @Test
  void keepsIdsThatAreFreeAndTellsNobodyOfOldNews() {
    // Only the first team of this server that imports a run gets its id.
    String fresh =
        ok(SOURCE.admin.post(
                "runs/create",
                body("'experiment_id': '" + SOURCE.experiment + "', 'run_name': 'fresh'")))
            .json()
            .at("/run/info/run_id")
            .stringValue();
    ok(SOURCE.admin.post("runs/update", body("'run_id': '" + fresh + "', 'status': 'FAILED'")));

    JsonNode done = ended(start(", 'models': false, 'artifacts': false"));

    assertThat(done.at("/progress/models").longValue()).isZero();
    JsonNode run = ok(admin.get("/api/2.0/mlflow/runs/get?run_id=" + fresh)).json().at("/run/info");
    assertThat(run.get("status").stringValue()).isEqualTo("FAILED");
    assertThat(ok(admin.get("/api/v1/registry/alerts")).json()).isEmpty();
    ok(SOURCE.admin.post("runs/delete", body("'run_id': '" + fresh + "'")));
  }

  @Test
  void bringsTheNamedExperimentsAndListsWhatItCanNot() {
    String logged =
        ok(SOURCE.admin.post(
                "logged-models",
                body(
                    "'experiment_id': '%s', 'name': 'l', 'source_run_id': '%s'"
                        .formatted(SOURCE.experiment, SOURCE.runs.getFirst()))))
            .json()
            .at("/model/info/model_id")
            .stringValue();
    ok(
        SOURCE.admin.send(
            "PUT",
            "/api/2.0/mlflow-artifacts/artifacts/"
                + SOURCE.experiment
                + "/models/"
                + logged
                + "/artifacts/config.json",
            BodyPublishers.ofString("{}")));
    SOURCE.version("models:/" + logged);

    JsonNode done =
        ended(start(", 'experiments': ['denoise " + SOURCE.suffix + "', 'no such one']"));

    assertThat(done.get("state").stringValue()).isEqualTo("FINISHED");
    assertThat(done.at("/progress/runs").longValue()).isEqualTo(4);
    assertThat(done.get("faults"))
        .extracting(
            fault -> fault.get("kind").stringValue() + " " + fault.get("source").stringValue())
        .containsExactlyInAnyOrder("experiment no such one", "version " + SOURCE.model + "/3");
    ok(
        SOURCE.admin.send(
            "DELETE",
            "/api/2.0/mlflow/model-versions/delete",
            body("'name': '" + SOURCE.model + "', 'version': '3'")));
  }

  @Test
  void givesUpWhereItIsNotLetInAndFollowsNoRedirect() {
    JsonNode refused = ended(startWith("not-a-token", ""));
    assertThat(refused.get("state").stringValue()).isEqualTo("FAILED");
    assertThat(refused.get("error").stringValue()).contains("401");

    int before = BETWEEN.passed.get();
    BETWEEN.status = 302;
    JsonNode moved = ended(start(""));

    assertThat(moved.get("state").stringValue()).isEqualTo("FAILED");
    assertThat(moved.get("error").stringValue()).contains("302", "redirects are not followed");
    assertThat(BETWEEN.passed.get()).isEqualTo(before);
  }

  @Test
  void waitsForAServerThatIsAwayAndGivesUpInTheEnd() {
    BETWEEN.status = 503;
    String id = start("");
    Await.until("it waits", LONG, () -> state(id).equals("WAITING") && get(id).has("error"));
    BETWEEN.status = 0;
    assertThat(ended(id).get("state").stringValue()).isEqualTo("FINISHED");

    BETWEEN.status = 503;
    JsonNode given = ended(start(""));
    assertThat(given.get("state").stringValue()).isEqualTo("FAILED");
    assertThat(given.get("error").stringValue()).contains("503");
  }

  @Test
  void stopsWhereItIsCancelledAndKeepsTheSecretToItself() {
    BETWEEN.hold(path -> path.contains("get-history"));
    int before = BETWEEN.waiting.get();
    String token = SOURCE.token();
    String id = startWith(token, "");
    Await.until("it is in the middle", LONG, () -> BETWEEN.waiting.get() > before);

    assertThat(admin.send("POST", IMPORTS, request("")).status()).isEqualTo(409);
    List<byte[]> sealed = credentials(id);
    assertThat(sealed).hasSize(1);
    assertThat(new String(sealed.getFirst(), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain(token.substring(0, 20));
    assertThat(get(id).toString()).doesNotContain(token);
    Answer cancelled = admin.send("DELETE", IMPORTS + "/" + id, BodyPublishers.noBody());
    assertThat(cancelled.json().get("state").stringValue()).isEqualTo("CANCELLED");
    assertThat(admin.send("DELETE", IMPORTS + "/" + id, BodyPublishers.noBody()).status())
        .isEqualTo(409);
    assertThat(credentials(id)).isEmpty();
    BETWEEN.release();

    // Another import of the same worker begins only when it has let the cancelled one go.
    Client other = new Teams(TARGET).caller(Teams.ADMIN);
    ended(other, ok(other.send("POST", IMPORTS, request(""))).json());
    assertThat(get(id).at("/progress/runs").longValue()).isLessThan(6);
    assertThat(state(id)).isEqualTo("CANCELLED");
  }

  @Test
  void connectsToNothingInwards() {
    for (String url :
        List.of(
            "http://127.0.0.1:1",
            "https://localhost",
            "https://169.254.169.254/latest",
            "https://[::1]",
            "file:///etc/passwd",
            "https://u:p@1.1.1.1",
            BETWEEN.url() + "/?a=b")) {
      Answer answer = admin.send("POST", IMPORTS, "{\"url\": \"" + url + "\"}");
      assertThat(answer.status()).as(url).isEqualTo(400);
      assertThat(answer.text()).as(url).contains("url");
    }
    assertThat(
            admin.send("POST", IMPORTS, body("'url': 'https://1.1.1.1', 'username': 'u'")).text())
        .contains("password");
  }

  private String start(String more) {
    return startWith(SOURCE.token(), more);
  }

  private String startWith(String token, String more) {
    Answer answer = admin.send("POST", IMPORTS, request(token, more));
    assertThat(answer.status()).as(answer::toString).isEqualTo(202);
    return answer.json().get("id").stringValue();
  }

  private static String request(String more) {
    return request(SOURCE.token(), more);
  }

  private static String request(String token, String more) {
    return body("'url': '" + BETWEEN.url() + "/', 'token': '" + token + "'" + more);
  }

  private JsonNode ended(String id) {
    return ended(admin, get(id));
  }

  private static JsonNode ended(Client client, JsonNode started) {
    String path = IMPORTS + "/" + started.get("id").stringValue();
    Await.until("the import has ended", LONG, () -> client.get(path).json().hasNonNull("endedAt"));
    return client.get(path).json();
  }

  private String state(String id) {
    return get(id).get("state").stringValue();
  }

  private JsonNode get(String id) {
    return ok(admin.get(IMPORTS + "/" + id)).json();
  }

  private static List<byte[]> credentials(String id) {
    return TARGET
        .bean(JdbcTemplate.class)
        .query(
            "SELECT credentials FROM registry.imports WHERE id = ? AND credentials IS NOT NULL",
            (row, number) -> row.getBytes(1),
            id);
  }

  private JsonNode history(String name, String key) {
    JsonNode found =
        ok(admin.send(
                "POST",
                "/api/v1/registry/runs/search",
                "{\"filter\": \"attributes.run_name = '" + name + "'\"}"))
            .json();
    String run = found.at("/runs/0/id").stringValue();
    return ok(admin.get("/api/2.0/mlflow/metrics/get-history?run_id=" + run + "&metric_key=" + key))
        .json()
        .get("metrics");
  }

  private static Set<String> runIds(Client client) {
    Set<String> ids = new HashSet<>();
    JsonNode page =
        ok(client.send("POST", "/api/v1/registry/runs/search", "{\"size\": 1000}")).json();
    page.get("runs").forEach(run -> ids.add(run.get("id").stringValue()));
    return ids;
  }

  private static SortedMap<String, Object> everything(Client client) {
    return Everything.of(
        (path, body) ->
            ok(body.isEmpty() ? client.get(path) : client.send("POST", path, body)).json(),
        address -> ok(client.get("/api/2.0/mlflow-artifacts/artifacts/" + address)).text());
  }
}
