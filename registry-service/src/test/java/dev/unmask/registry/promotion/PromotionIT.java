package dev.unmask.registry.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

class PromotionIT {
  private static final String RULES =
      """
      {"rules": [{"kind": "metric-better", "key": "eval/nats", "better": "lower", "number": 0.1},
                 {"kind": "tag", "key": "reviewed", "value": "yes"}]}
      """;
  private static final String MODEL = "/api/v1/registry/models/m";

  private final RegistryServer registry = RegistryServer.shared();
  private final Client team = registry.team("promotion-" + UUID.randomUUID());

  @BeforeEach
  void registerThreeVersions() {
    ok(team.post("registered-models/create", "{\"name\": \"m\"}"));
    for (String nats : List.of("2.0", "1.95", "1.5")) {
      version(nats);
    }
  }

  private void version(String nats) {
    String run =
        ok(team.post("runs/create", "{\"experiment_id\": \"0\"}"))
            .at("/run/info/run_id")
            .stringValue();
    ok(
        team.post(
            "runs/log-metric",
            "{\"run_id\": \"%s\", \"key\": \"eval/nats\", \"value\": \"%s\", \"timestamp\": 1}"
                .formatted(run, nats)));
    ok(
        team.post(
            "model-versions/create",
            "{\"name\": \"m\", \"source\": \"runs:/%s/model\"}".formatted(run)));
  }

  private Answer alias(int version) {
    return team.post(
        "registered-models/alias",
        "{\"name\": \"m\", \"alias\": \"champion\", \"version\": \"" + version + "\"}");
  }

  private void review(int version) {
    ok(
        team.post(
            "model-versions/set-tag",
            "{\"name\": \"m\", \"version\": \"%d\", \"key\": \"reviewed\", \"value\": \"yes\"}"
                .formatted(version)));
  }

  private int champion() {
    return ok(team.get(MODEL + "/versions/@champion")).get("version").intValue();
  }

  @Test
  void holdsOnMlflowsRoutesAndSaysEverythingThatIsMissing() {
    ok(alias(1));
    ok(team.send("PUT", MODEL + "/promotion/champion", RULES));

    Answer refused = alias(2);

    assertThat(refused.status()).as(refused.toString()).isEqualTo(409);
    assertThat(refused.json().get("error_code").stringValue()).isEqualTo("RESOURCE_CONFLICT");
    assertThat(refused.json().get("message").stringValue())
        .contains("eval/nats is 1.95")
        .contains("by at least 0.1")
        .contains("no tag 'reviewed'");
    assertThat(champion()).isEqualTo(1);
    review(3);
    ok(alias(3));
    assertThat(champion()).isEqualTo(3);
  }

  @Test
  void holdsForStages() {
    ok(
        team.send(
            "PUT",
            MODEL + "/promotion/stage:production",
            "{\"rules\": [{\"kind\": \"metric-limit\", \"key\": \"eval/nats\","
                + " \"better\": \"lower\", \"number\": 1.6}]}"));
    String move =
        "{\"name\": \"m\", \"version\": \"%d\", \"stage\": \"Production\","
            + " \"archive_existing_versions\": true}";

    Answer refused = team.post("model-versions/transition-stage", move.formatted(1));

    assertThat(refused.status()).as(refused.toString()).isEqualTo(409);
    ok(team.post("model-versions/transition-stage", move.formatted(3)));
    assertThat(
            ok(team.get("/api/2.0/mlflow/model-versions/get?name=m&version=1"))
                .at("/model_version/current_stage")
                .stringValue())
        .isEqualTo("None");
  }

  @Test
  void comparesWithNothingWhereTheChampionsRunIsGone() {
    ok(alias(1));
    ok(team.send("PUT", MODEL + "/promotion/champion", RULES));
    String run =
        ok(team.get("/api/2.0/mlflow/model-versions/get?name=m&version=1"))
            .at("/model_version/run_id")
            .stringValue();
    // As if it had been removed for good.
    registry.bean(JdbcTemplate.class).update("DELETE FROM runs WHERE run_id = ?", run);
    review(2);

    ok(alias(2));

    assertThat(champion()).isEqualTo(2);
  }

  @Test
  void checksWithoutMoving() {
    ok(alias(1));
    ok(team.send("PUT", MODEL + "/promotion/champion", RULES));

    JsonNode verdict = ok(team.get(MODEL + "/promotion/champion/check?version=3"));

    assertThat(verdict.get("promotable").booleanValue()).isFalse();
    assertThat(verdict.get("champion").intValue()).isEqualTo(1);
    assertThat(verdict.at("/findings/0/fulfilled").booleanValue()).isTrue();
    assertThat(verdict.at("/findings/1/fulfilled").booleanValue()).isFalse();
    assertThat(champion()).isEqualTo(1);
  }

  @Test
  void keepsRulesAsTheyWereGiven() {
    JsonNode stored = ok(team.send("PUT", MODEL + "/promotion/champion", RULES));

    assertThat(ok(team.get(MODEL + "/promotion/champion"))).isEqualTo(stored);
    assertThat(stored.at("/rules/0/kind").stringValue()).isEqualTo("metric-better");
    assertThat(stored.at("/rules/1/value").stringValue()).isEqualTo("yes");
  }

  @Test
  void namesEveryFieldOfABadRuleAndChangesNothing() {
    ok(team.send("PUT", MODEL + "/promotion/champion", RULES));

    Answer refused =
        team.send(
            "PUT",
            MODEL + "/promotion/champion",
            "{\"rules\": [{\"kind\": \"metric-limit\", \"key\": \"a\"},"
                + " {\"kind\": \"tag\", \"key\": \"b\", \"number\": 1}]}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text())
        .contains("rules[0].better")
        .contains("rules[0].number")
        .contains("rules[1].number");
    assertThat(ok(team.get(MODEL + "/promotion/champion")).get("rules")).hasSize(2);
  }

  @Test
  void goesBackStepByStepPassingOverDeletedVersionsWithoutAskingRules() {
    ok(alias(1));
    ok(alias(2));
    ok(alias(3));
    ok(team.send("PUT", MODEL + "/promotion/champion", RULES));
    ok(
        team.send(
            "DELETE",
            "/api/2.0/mlflow/model-versions/delete",
            "{\"name\": \"m\", \"version\": \"2\"}"));

    JsonNode back = ok(team.send("POST", MODEL + "/aliases/champion/rollback", ""));

    assertThat(back.get("version").intValue()).isEqualTo(1);
    assertThat(champion()).isEqualTo(1);
    Answer noMore = team.send("POST", MODEL + "/aliases/champion/rollback", "");
    assertThat(noMore.status()).as(noMore.toString()).isEqualTo(409);
    assertThat(champion()).isEqualTo(1);
  }

  @Test
  void remembersEveryMoveWithItsAuthor() {
    ok(alias(1));
    ok(alias(1));
    ok(alias(3));
    ok(team.send("POST", MODEL + "/aliases/champion/rollback", ""));
    ok(
        team.send(
            "DELETE",
            "/api/2.0/mlflow/registered-models/alias",
            "{\"name\": \"m\", \"alias\": \"champion\"}"));

    JsonNode moves = ok(team.get(MODEL + "/aliases/champion/history")).get("moves");

    assertThat(moves.valueStream().map(move -> move.get("kind").stringValue()))
        .containsExactly("removed", "rolled_back", "set", "set");
    assertThat(moves.at("/1/version").intValue()).isEqualTo(1);
    assertThat(moves.at("/1/previous").intValue()).isEqualTo(3);
    assertThat(moves.at("/3/userId").stringValue()).isNotEmpty();
  }

  @Test
  void letsMembersLookAndMaintainersDecide() {
    Client member = registry.as(registry.exchange(registry.newToken("member")));
    String model = "p" + UUID.randomUUID();
    String path = "/api/v1/registry/models/" + model;
    ok(registry.owner().post("registered-models/create", "{\"name\": \"" + model + "\"}"));

    assertThat(member.get(path + "/promotion/champion").status()).isEqualTo(200);
    assertThat(member.send("PUT", path + "/promotion/champion", RULES).status()).isEqualTo(403);
    assertThat(member.send("POST", path + "/aliases/champion/rollback", "").status())
        .isEqualTo(403);
    assertThat(registry.owner().get(MODEL + "-unknown/promotion/champion").status()).isEqualTo(404);
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }
}
