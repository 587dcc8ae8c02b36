package dev.unmask.registry.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

class ModelCardIT {
  private static final String CARD = "/api/v1/registry/models/m/versions/1/card";

  private final RegistryServer registry = RegistryServer.shared();
  private final Client team = registry.team("card-" + UUID.randomUUID());

  @BeforeEach
  void registerAVersion() {
    String run =
        ok(team.post("runs/create", "{\"experiment_id\": \"0\", \"run_name\": \"first\"}"))
            .at("/run/info/run_id")
            .stringValue();
    ok(
        team.post(
            "runs/log-batch",
            """
            {"run_id": "%s", "params": [{"key": "seed", "value": "7"}],
             "metrics": [{"key": "eval/nats", "value": 1.5, "timestamp": 1, "step": 20},
                         {"key": "train/loss", "value": "NaN", "timestamp": 1, "step": 20}],
             "tags": [{"key": "unmask.corpus.sha256", "value": "abc"},
                      {"key": "note", "value": "private"}]}
            """
                .formatted(run)));
    String files = "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/model/";
    put(files + "config.json", "{\"hidden_size\": 64, \"layers\": [1, 2]}");
    put(files + "generation_config.json", "{\"threshold\": 0.9}");
    ok(team.post("registered-models/create", "{\"name\": \"m\"}"));
    ok(
        team.post(
            "model-versions/create",
            """
            {"name": "m", "source": "runs:/%s/model", "run_id": "%s",
             "description": "<script>alert(1)</script> | a",
             "tags": [{"key": "license", "value": "Apache-2.0"}]}
            """
                .formatted(run, run)));
  }

  private void put(String path, String content) {
    ok(team.send("PUT", path, BodyPublishers.ofString(content)));
  }

  @Test
  void gathersWhatTheRunTheFilesAndTheTagsSay() {
    JsonNode card = ok(team.get(CARD));

    assertThat(card.get("licence").stringValue()).isEqualTo("Apache-2.0");
    assertThat(card.at("/network/hidden_size").stringValue()).isEqualTo("64");
    assertThat(card.get("network").has("layers")).isFalse();
    assertThat(card.at("/decoding/threshold").stringValue()).isEqualTo("0.9");
    assertThat(card.at("/run/name").stringValue()).isEqualTo("first");
    assertThat(card.at("/run/params/seed").stringValue()).isEqualTo("7");
    assertThat(card.at("/run/metrics/0/value").stringValue()).isEqualTo("1.5");
    assertThat(card.at("/run/metrics/1/value").stringValue()).isEqualTo("NaN");
    assertThat(card.get("files")).hasSize(2);
    assertThat(card.get("digest").stringValue()).startsWith("sha256:");
  }

  @Test
  void isMarkdownInWhichNothingOfTheUsersIsInterpreted() {
    Answer answer = team.send("GET", CARD, BodyPublishers.noBody(), "Accept", "text/markdown");

    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.response().headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/markdown"));
    assertThat(answer.text())
        .contains("# m, version 1")
        .contains("| eval/nats | 1.5 \\(step 20\\) |")
        .contains("| unmask.corpus.sha256 | abc |")
        .doesNotContain("<script>")
        .doesNotContain("private");
  }

  @Test
  void outlivesItsRunAndIsTheTeamsOwn() {
    String run = ok(team.get(CARD)).at("/run/runId").stringValue();
    ok(team.post("runs/delete", "{\"run_id\": \"" + run + "\"}"));

    assertThat(ok(team.get(CARD)).at("/run/runId").stringValue()).isEqualTo(run);
    // As if it had been removed for good.
    registry.bean(JdbcTemplate.class).update("DELETE FROM runs WHERE run_id = ?", run);
    assertThat(ok(team.get(CARD)).at("/run/runId").isMissingNode()).isTrue();
    assertThat(registry.team("other-" + UUID.randomUUID()).get(CARD).status()).isEqualTo(404);
    assertThat(team.get("/api/v1/registry/models/m/versions/2/card").status()).isEqualTo(404);
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }
}
