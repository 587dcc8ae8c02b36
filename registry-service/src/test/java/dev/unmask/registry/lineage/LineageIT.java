package dev.unmask.registry.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Data sets, runs, logged models, versions and deployments as one graph. */
class LineageIT {
  private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts/";

  private final RegistryServer registry = RegistryServer.shared();
  private final String team = "lineage-" + UUID.randomUUID();
  private final Client client = registry.team(team);
  private final String deployment = UUID.randomUUID().toString();
  private String experiment = "";
  private String trained = "";
  private String tuned = "";
  private String base = "";
  private String better = "";

  /**
   * corpus -> trained -> base -> tuned -> better -> lm/1 -> deployment, and tuned evaluates better,
   * which it made itself.
   */
  @BeforeEach
  void build() {
    experiment =
        ok(client.post("experiments/create", "{\"name\": \"e\"}"))
            .json()
            .get("experiment_id")
            .stringValue();
    trained = run("trained");
    tuned = run("tuned");
    reads(trained, dataset("corpus"));
    base = loggedModel(trained);
    reads(tuned, model(base));
    better = loggedModel(tuned);
    reads(tuned, model(better));
    ok(
        client.send(
            "PUT",
            FILES + experiment + "/models/" + better + "/artifacts/config.json",
            BodyPublishers.ofString("{}")));
    ok(client.post("registered-models/create", "{\"name\": \"lm\"}"));
    ok(
        client.post(
            "model-versions/create", "{\"name\": \"lm\", \"source\": \"models:/" + better + "\"}"));
    report("[" + serving("READY") + "]", "[]");
  }

  @Test
  void leadsFromARunToWhatItCameFromAndToWhatServesIt() {
    JsonNode lineage = get("/runs/" + tuned + "/lineage");

    assertThat(lineage.get("start").stringValue()).isEqualTo("run:" + tuned);
    assertThat(lineage.get("truncated").booleanValue()).isFalse();
    assertThat(ids(lineage))
        .containsExactlyInAnyOrder(
            "run:" + tuned,
            "model:" + base,
            "run:" + trained,
            "dataset:" + experiment + "/sha/corpus",
            "model:" + better,
            "version:lm/1",
            "deployment:" + deployment);
    assertThat(edges(lineage))
        .containsExactlyInAnyOrder(
            "dataset:" + experiment + "/sha/corpus -> run:" + trained,
            "run:" + trained + " -> model:" + base,
            "model:" + base + " -> run:" + tuned,
            "run:" + tuned + " -> model:" + better,
            "model:" + better + " -> run:" + tuned,
            "model:" + better + " -> version:lm/1",
            "run:" + tuned + " -> version:lm/1",
            "version:lm/1 -> deployment:" + deployment);
    JsonNode served = node(lineage, "deployment:" + deployment);
    assertThat(served.get("kind").stringValue()).isEqualTo("DEPLOYMENT");
    assertThat(served.get("ref").stringValue()).isEqualTo(deployment);
    assertThat(served.get("status").stringValue()).isEqualTo("READY");
    assertThat(served.get("stale").booleanValue()).isFalse();
    assertThat(node(lineage, "version:lm/1").get("digest").stringValue()).startsWith("sha256:");
    assertThat(node(lineage, "run:" + trained).get("name").stringValue()).isEqualTo("trained");
  }

  @Test
  void leadsFromAVersionBackToItsData() {
    JsonNode lineage = get("/models/lm/versions/1/lineage");

    assertThat(lineage.get("start").stringValue()).isEqualTo("version:lm/1");
    assertThat(ids(lineage))
        .contains("dataset:" + experiment + "/sha/corpus", "deployment:" + deployment)
        .hasSize(7);
    ok(
        client.post(
            "registered-models/alias",
            "{\"name\": \"lm\", \"alias\": \"champion\", \"version\": \"1\"}"));
    assertThat(get("/models/lm/versions/@champion/lineage")).isEqualTo(lineage);
  }

  @Test
  void showsWhatOnlySharesAnAncestorFromTheAncestorAlone() {
    String sibling = run("sibling");
    reads(sibling, model(base));

    assertThat(ids(get("/runs/" + sibling + "/lineage")))
        .contains("run:" + trained)
        .doesNotContain("run:" + tuned);
    assertThat(ids(get("/runs/" + trained + "/lineage")))
        .contains("run:" + tuned, "run:" + sibling, "deployment:" + deployment);
  }

  @Test
  void showsDeploymentsThatNobodyReportsAsStaleAndForgetsThem() {
    seen("3 minutes");
    assertThat(deploymentNode().get("stale").booleanValue()).isTrue();

    report("[" + serving("FAILED") + "]", "[]");
    assertThat(deploymentNode().get("stale").booleanValue()).isFalse();
    assertThat(deploymentNode().get("status").stringValue()).isEqualTo("FAILED");

    seen("8 days");
    assertThat(ids(get("/runs/" + tuned + "/lineage"))).doesNotContain("deployment:" + deployment);
    report("[]", "[]");
    assertThat(rows()).isZero();
  }

  @Test
  void forgetsWhatHasEnded() {
    report("[]", "[\"" + deployment + "\"]");

    assertThat(ids(get("/models/lm/versions/1/lineage")))
        .doesNotContain("deployment:" + deployment);
  }

  @Test
  void leavesOutWhatIsToldOfATeamThatDoesNotExistAndNeverMovesADeployment() {
    String nobody = serving("READY").replace(team, "no-such-team");
    report("[" + nobody + "]", "[]");
    String thief = "thief-" + UUID.randomUUID();
    registry.team(thief);
    report("[" + serving("FAILED").replace(team, thief) + "]", "[]");

    assertThat(deploymentNode().get("status").stringValue()).isEqualTo("READY");
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void saysWhenThereIsMoreThanItShows() {
    registry
        .bean(JdbcTemplate.class)
        .update(
            "WITH d AS (INSERT INTO registry.datasets (experiment_uid, name, digest, source_type,"
                + " source) SELECT uid, 'd' || n, 'x', 'local', 's' FROM registry.experiments,"
                + " generate_series(1, 2500) n WHERE team_id = ? AND number = ? RETURNING uid)"
                + " INSERT INTO registry.run_inputs SELECT r.uid, d.uid FROM d, registry.runs r"
                + " WHERE r.run_id = ?",
            team,
            Long.parseLong(experiment),
            trained);

    JsonNode lineage = get("/runs/" + trained + "/lineage");

    assertThat(lineage.get("truncated").booleanValue()).isTrue();
    assertThat(ids(lineage)).hasSize(500).doesNotHaveDuplicates();
    assertThat(edges(lineage))
        .allSatisfy(edge -> assertThat(ids(lineage)).contains(edge.split(" -> ")));
  }

  @Test
  void answersOtherTeamsIdsLikeUnknownOnes() {
    Client stranger = registry.team("stranger-" + UUID.randomUUID());

    for (String path :
        List.of(
            "/api/v1/registry/runs/" + tuned + "/lineage",
            "/api/v1/registry/models/lm/versions/1/lineage")) {
      assertThat(stranger.get(path).status()).as(path).isEqualTo(404);
    }
    assertThat(
            registry
                .owner()
                .send("PUT", "/api/v1/registry/deployments", "{\"serving\": [], \"ended\": []}")
                .status())
        .isEqualTo(403);
  }

  private JsonNode deploymentNode() {
    return node(get("/runs/" + tuned + "/lineage"), "deployment:" + deployment);
  }

  private void seen(String ago) {
    registry
        .bean(JdbcTemplate.class)
        .update(
            "UPDATE registry.deployments SET seen_at = now() - ?::interval WHERE id = ?",
            ago,
            deployment);
  }

  private long rows() {
    return registry
        .bean(JdbcTemplate.class)
        .query("SELECT 1 FROM registry.deployments WHERE id = ?", (row, number) -> 1, deployment)
        .size();
  }

  private String serving(String status) {
    return """
        {"id": "%s", "team": "%s", "name": "chat", "model": "lm", "version": 1, \
        "digest": "sha256:ab", "status": "%s", "createdAt": "2026-11-01T00:00:00Z"}"""
        .formatted(deployment, team, status);
  }

  private void report(String serving, String ended) {
    Answer answer =
        client.send(
            "PUT",
            "/api/v1/registry/deployments",
            "{\"serving\": " + serving + ", \"ended\": " + ended + "}");
    assertThat(answer.status()).as(answer::toString).isEqualTo(204);
  }

  private JsonNode get(String path) {
    return ok(client.get("/api/v1/registry" + path)).json();
  }

  private static List<String> ids(JsonNode lineage) {
    List<String> ids = new ArrayList<>();
    lineage.get("nodes").forEach(node -> ids.add(node.get("id").stringValue()));
    return ids;
  }

  private static List<String> edges(JsonNode lineage) {
    List<String> edges = new ArrayList<>();
    lineage
        .get("edges")
        .forEach(
            edge ->
                edges.add(edge.get("from").stringValue() + " -> " + edge.get("to").stringValue()));
    return edges;
  }

  private static JsonNode node(JsonNode lineage, String id) {
    for (JsonNode node : lineage.get("nodes")) {
      if (node.get("id").stringValue().equals(id)) {
        return node;
      }
    }
    throw new AssertionError("no " + id + " in " + lineage);
  }

  private String run(String name) {
    return ok(client.post(
            "runs/create",
            "{\"experiment_id\": \"%s\", \"run_name\": \"%s\"}".formatted(experiment, name)))
        .json()
        .at("/run/info/run_id")
        .stringValue();
  }

  private String loggedModel(String run) {
    return ok(client.post(
            "logged-models",
            "{\"experiment_id\": \"%s\", \"name\": \"l\", \"source_run_id\": \"%s\"}"
                .formatted(experiment, run)))
        .json()
        .at("/model/info/model_id")
        .stringValue();
  }

  private static String dataset(String name) {
    return "\"datasets\": [{\"dataset\": {\"name\": \"%s\", \"digest\": \"sha\", \"source_type\": \"local\", \"source\": \"s\"}}]"
        .formatted(name);
  }

  private static String model(String id) {
    return "\"models\": [{\"model_id\": \"" + id + "\"}]";
  }

  private void reads(String run, String what) {
    ok(client.post("runs/log-inputs", "{\"run_id\": \"" + run + "\", " + what + "}"));
  }

  private static Answer ok(Answer answer) {
    assertThat(answer.status()).as(answer::toString).isEqualTo(200);
    return answer;
  }
}
