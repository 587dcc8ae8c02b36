package dev.unmask.registry.database;

import static dev.unmask.registry.database.FilledV003.FINISHED;
import static dev.unmask.registry.database.FilledV003.OF_OTHER_TEAM;
import static dev.unmask.registry.database.FilledV003.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** The newest schema, made from nothing and from the data that a release with V003 left. */
class MigrationIT {
  private static final String API = "/api/2.0/mlflow/";

  @TempDir static Path folder;
  private static TestDatabase database;
  private static RegistryServer registry;

  @BeforeAll
  static void startOnTheOldData() throws IOException, SQLException {
    database = FilledV003.database(folder);
    JdbcTemplate jdbc = FilledV003.jdbc(database);
    List<String> tables =
        jdbc.query(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'registry'",
            (row, number) -> row.getString(1));
    assertThat(tables).hasSizeGreaterThan(18);
    assertThat(tables)
        .as("tables that the old data fills")
        .allSatisfy(
            table ->
                assertThat(jdbc.queryForObject("SELECT count(*) FROM " + table, long.class))
                    .as(table)
                    .isPositive());
    registry = RegistryServer.start(database, folder);
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @Test
  void neverEditsAMigrationThatHasLanded() {
    List<Map<String, @Nullable Object>> landed =
        FilledV003.jdbc(database)
            .queryForList(
                "SELECT version, checksum FROM flyway_schema_history"
                    + " WHERE version::numeric <= 3 ORDER BY version::numeric");

    assertThat(landed)
        .extracting(row -> row.get("checksum"))
        .as("databases in use refuse to start when one of these differs: add a migration instead")
        .containsExactly(-1803380024, 1906377259, -1607699821);
  }

  @Test
  void startsFromNothingAndThenMigratesNoMore(@TempDir Path empty) {
    TestDatabase fresh = PostgresExtension.freshDatabase();
    List<String> first;
    try (RegistryServer server = RegistryServer.start(fresh, empty)) {
      first = migrations(fresh);
      assertThat(server.team("t").post("runs/create", "{}").status()).isEqualTo(200);
    }
    try (RegistryServer server = RegistryServer.start(fresh, empty)) {
      assertThat(migrations(fresh)).isEqualTo(first).doesNotHaveDuplicates();
      assertThat(server.team("t").post("runs/create", "{}").status()).isEqualTo(200);
    }
    assertThat(migrations(database))
        .as("versions of a database that began as V003")
        .isEqualTo(first);
  }

  @Test
  void admitsTheOldTokensWithTheirOldRoles() {
    JsonNode me = ann().get("/api/v1/identity/me").json();
    assertThat(me.get("name").stringValue()).isEqualTo("ann");
    assertThat(me.get("teamName").stringValue()).isEqualTo("alpha");
    assertThat(me.get("role").stringValue()).isEqualTo("admin");
    assertThat(bob().get("/api/v1/identity/me").json().get("role").stringValue())
        .isEqualTo("maintainer");
    assertThat(
            registry
                .anonymous()
                .send(
                    "POST",
                    "/api/v1/identity/exchange",
                    "{\"token\": \"" + FilledV003.REVOKED_TOKEN + "\"}")
                .status())
        .isEqualTo(401);
    JsonNode token = ann().get("/api/v1/identity/tokens").json().get(0);
    assertThat(token.get("name").stringValue()).isEqualTo("laptop of ann");
    assertThat(token.get("hint").stringValue()).isEqualTo("the-toke");
  }

  @Test
  void keepsTheAuditLogAndRefusesToChangeIt() {
    assertThat(
            FilledV003.jdbc(database)
                .queryForList(
                    "SELECT action || ' ' || object || ' ' || coalesce(details, '-')"
                        + " FROM audit_log ORDER BY id LIMIT 3",
                    String.class))
        .containsExactly(
            "token.create token-ann laptop of ann",
            "alias.set denoiser@champion 1",
            "token.revoke token-old -");
  }

  @Test
  void readsTheOldExperiments() {
    JsonNode all =
        ann()
            .post("experiments/search", "{\"view_type\": 3, \"order_by\": [\"experiment_id\"]}")
            .json()
            .get("experiments");
    assertThat(texts(all, "/name")).startsWith("Default", "denoising, große Läufe 😀", "given up");
    assertThat(texts(all, "/lifecycle_stage")).startsWith("active", "active", "deleted");

    JsonNode one = ann().get(API + "experiments/get?experiment_id=1").json().get("experiment");
    assertThat(one.get("creation_time").longValue()).isEqualTo(1772352001000L);
    assertThat(one.get("last_update_time").longValue()).isEqualTo(1772352002000L);
    assertThat(texts(one.get("tags"), "/value")).containsExactly("# What we try", "it's \"ann\"");
  }

  @Test
  void readsTheOldRuns() {
    JsonNode run = run(FINISHED);
    assertThat(run.at("/info/run_name").stringValue()).isEqualTo("first");
    assertThat(run.at("/info/user_id").stringValue()).isEqualTo("ann");
    assertThat(run.at("/info/status").stringValue()).isEqualTo("FINISHED");
    assertThat(run.at("/info/start_time").longValue()).isEqualTo(1772352010000L);
    assertThat(run.at("/info/end_time").longValue()).isEqualTo(1772352370000L);
    assertThat(texts(run.at("/data/params"), "/value"))
        .containsExactly("a 'quoted' \"value\" 😀", "", "x".repeat(6_000), "0.1");
    assertThat(texts(run.at("/data/tags"), "/value")).containsExactly("two\nlines", "first");
    assertThat(texts(run.at("/data/metrics"), "/key")).containsExactly("loss", "odd/Größe");
    assertThat(run.at("/data/metrics/0/value").doubleValue()).isEqualTo(0.02);
    assertThat(run.at("/data/metrics/0/step").longValue()).isEqualTo(199);
    assertThat(run.at("/data/metrics/1/value").stringValue()).isEqualTo("Infinity");

    assertThat(run(RUNNING).at("/info/end_time").isMissingNode()).isTrue();
    assertThat(run(RUNNING).at("/data/metrics/0/value").stringValue()).isEqualTo("NaN");
    assertThat(run(FilledV003.THROWN_AWAY).at("/info/lifecycle_stage").stringValue())
        .isEqualTo("deleted");
    assertThat(run(FilledV003.OF_DELETED_EXPERIMENT).at("/info/experiment_id").stringValue())
        .isEqualTo("2");
    assertThat(run(FilledV003.EMPTY).at("/info/status").stringValue()).isEqualTo("SCHEDULED");
    assertThat(ann().get(API + "runs/get?run_id=" + OF_OTHER_TEAM).status()).isEqualTo(404);
    assertThat(bob().get(API + "runs/get?run_id=" + OF_OTHER_TEAM).status()).isEqualTo(200);
  }

  @Test
  void readsEveryOldPointInItsOrder() {
    JsonNode loss = history(FINISHED, "loss");
    assertThat(loss).hasSize(200);
    for (int i = 0; i < 200; i++) {
      assertThat(loss.get(i).get("step").longValue()).isEqualTo(i);
      assertThat(loss.get(i).get("timestamp").longValue()).isEqualTo(1772352010000L + i * 1_000L);
      assertThat(loss.get(i).get("value").doubleValue()).isEqualTo(4.0 / (1 + i));
    }

    JsonNode odd = history(FINISHED, "odd/Größe");
    assertThat(texts(odd, "/value")).containsExactly("-Infinity", "NaN", "1.0E308", "Infinity");
    assertThat(texts(odd, "/step")).containsExactly("-5", "0", "1", "1");
    assertThat(texts(history(RUNNING, "loss"), "/value")).containsExactly("1.5", "NaN");
  }

  @Test
  void findsTheOldRuns() {
    assertThat(found("metrics.loss < 0.5", "")).containsExactly("first");
    assertThat(found("", "metrics.loss")).startsWith("first", "läuft noch");
    assertThat(found("params.lr = '0.2' AND status = 'RUNNING'", "")).containsExactly("läuft noch");
    assertThat(found("params.`data/größe` LIKE '%😀'", "")).containsExactly("first");
    assertThat(found("tags.mlflow.runName ILIKE 'LÄUFT%'", "")).containsExactly("läuft noch");
    assertThat(found("end_time > 0", "")).containsExactly("first");
  }

  @Test
  void readsTheOldArtifacts() {
    JsonNode root = ann().get(API + "artifacts/list?run_id=" + FINISHED).json();
    assertThat(texts(root.get("files"), "/path"))
        .containsExactlyInAnyOrder("empty.txt", "model", "notes");
    String files = "/api/2.0/mlflow-artifacts/artifacts/1/" + FINISHED + "/artifacts/";
    assertThat(ann().get(files + "model/model.safetensors").text()).isEqualTo(FilledV003.WEIGHTS);
    assertThat(ann().get(files + encoded("notes") + "/" + encoded("größe.txt")).text())
        .isEqualTo(FilledV003.NOTE);
    assertThat(ann().get(files + "empty.txt").text()).isEmpty();
  }

  @Test
  void readsTheOldModels() {
    JsonNode model =
        ann().get(API + "registered-models/get?name=denoiser").json().get("registered_model");
    assertThat(model.get("description").stringValue()).isEqualTo("Removes noise.");
    assertThat(model.get("creation_timestamp").longValue()).isEqualTo(1772352100000L);
    assertThat(texts(model.get("tags"), "/value")).containsExactly("text");
    assertThat(texts(model.get("aliases"), "/alias")).containsExactly("champion", "neu");
    assertThat(texts(model.get("latest_versions"), "/version"))
        .containsExactlyInAnyOrder("1", "3", "4");

    JsonNode champion =
        ann()
            .get(API + "registered-models/alias?name=denoiser&alias=champion")
            .json()
            .get("model_version");
    assertThat(champion.get("source").stringValue()).isEqualTo("runs:/" + FINISHED + "/model");
    assertThat(champion.get("current_stage").stringValue()).isEqualTo("Production");
    assertThat(champion.get("description").stringValue()).isEqualTo("the good one");
    assertThat(champion.get("run_link").stringValue()).isEqualTo("http://host/run");
    assertThat(texts(champion.get("tags"), "/value")).containsExactly("ja");
    assertThat(ann().get(API + "model-versions/get?name=denoiser&version=2").status())
        .as("a deleted version")
        .isEqualTo(404);

    String version = "/api/v1/registry/models/denoiser/versions/@champion";
    assertThat(texts(ann().get(version).json().get("files"), "/path"))
        .containsExactly("config.json", "model.safetensors");
    assertThat(ann().get(version + "/files?path=model.safetensors").text())
        .isEqualTo(FilledV003.WEIGHTS);
    assertThat(
            texts(
                ann().get(API + "registered-models/search").json().get("registered_models"),
                "/name"))
        .containsExactly("denoiser", "of no versions");
  }

  @Test
  void goesOnCountingAndAddingToTheOldData() {
    Client ann = ann();
    String experiment =
        ann.post("experiments/create", "{\"name\": \"new\"}")
            .json()
            .get("experiment_id")
            .stringValue();
    assertThat(experiment).isEqualTo("4");
    String run =
        ann.post("runs/create", "{\"experiment_id\": \"" + experiment + "\"}")
            .json()
            .at("/run/info/run_id")
            .stringValue();
    ok(log(ann, run, 1, 1));
    assertThat(history(run, "loss")).hasSize(1);

    String next =
        ann.post(
                "model-versions/create",
                "{\"name\": \"of no versions\", \"source\": \"runs:/" + FINISHED + "/model\"}")
            .json()
            .at("/model_version/version")
            .stringValue();
    assertThat(next).isEqualTo("1");
  }

  @Test
  void addsToAnOldSeriesAndKnowsARepeatedPoint() {
    Client bob = bob();
    String lossOf199 = Double.toString(4.0 / 200);
    ok(
        bob.post(
            "runs/log-metric",
            "{\"run_id\": \"%s\", \"key\": \"loss\", \"value\": %s, \"timestamp\": %d, \"step\": 199}"
                .formatted(OF_OTHER_TEAM, lossOf199, 1772352060000L + 199_000)));
    ok(log(bob, OF_OTHER_TEAM, 0.01, 200));
    ok(
        bob.post(
            "runs/log-parameter",
            "{\"run_id\": \"" + OF_OTHER_TEAM + "\", \"key\": \"lr\", \"value\": \"7\"}"));

    JsonNode answer = bob.get(API + "runs/get?run_id=" + OF_OTHER_TEAM).json();
    assertThat(answer.at("/run/data/metrics/0/value").doubleValue()).isEqualTo(0.01);
    JsonNode all =
        bob.get(API + "metrics/get-history?metric_key=loss&run_id=" + OF_OTHER_TEAM)
            .json()
            .get("metrics");
    assertThat(all).hasSize(201);
  }

  private static Answer log(Client client, String run, double value, long step) {
    return client.post(
        "runs/log-metric",
        "{\"run_id\": \"%s\", \"key\": \"loss\", \"value\": %s, \"timestamp\": %d, \"step\": %d}"
            .formatted(run, value, 1772353000000L, step));
  }

  private static JsonNode run(String id) {
    Answer answer = ann().get(API + "runs/get?run_id=" + id);
    ok(answer);
    return answer.json().get("run");
  }

  private static JsonNode history(String run, String key) {
    Answer answer =
        ann().get(API + "metrics/get-history?run_id=" + run + "&metric_key=" + encoded(key));
    ok(answer);
    return answer.json().get("metrics");
  }

  private static List<String> found(String filter, String order) {
    String body =
        """
        {"experiment_ids": ["0", "1", "2"], "filter": "%s", "order_by": [%s]}
        """
            .formatted(filter, order.isEmpty() ? "" : "\"" + order + "\"");
    Answer answer = ann().post("runs/search", body);
    ok(answer);
    return texts(answer.json().path("runs"), "/info/run_name");
  }

  private static List<String> texts(JsonNode list, String field) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.at(field).asString()));
    return texts;
  }

  private static List<String> migrations(TestDatabase database) {
    return FilledV003.jdbc(database)
        .query(
            "SELECT version FROM flyway_schema_history WHERE success AND version IS NOT NULL"
                + " ORDER BY installed_rank",
            (row, number) -> row.getString(1));
  }

  private static Client ann() {
    return registry.as(registry.exchange(FilledV003.TOKEN_OF_ANN));
  }

  private static Client bob() {
    return registry.as(registry.exchange(FilledV003.TOKEN_OF_BOB));
  }

  private static void ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
