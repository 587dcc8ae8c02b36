package dev.unmask.registry.note;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NotesIT {
  private static final String ROOT = "/api/v1/registry";

  private final RegistryServer registry = RegistryServer.shared();
  private final Client team = registry.team("notes-" + UUID.randomUUID());
  private String experiment = "";
  private String run = "";

  @BeforeEach
  void createRun() {
    experiment =
        team.post("experiments/create", "{\"name\": \"e\"}")
            .json()
            .get("experiment_id")
            .stringValue();
    run =
        team.post("runs/create", "{\"experiment_id\": \"%s\"}".formatted(experiment))
            .json()
            .at("/run/info/run_id")
            .stringValue();
  }

  @Test
  void ofARunAreTheTagThatMlflowShows() {
    assertThat(note(team, "runs", run).json().get("text").stringValue()).isEmpty();

    assertThat(put(team, "runs", run, "# Title\\n* a").status()).isEqualTo(200);

    assertThat(team.get("/api/2.0/mlflow/runs/get?run_id=" + run).text())
        .contains("{\"key\":\"mlflow.note.content\",\"value\":\"# Title\\n* a\"}");
    team.post(
        "runs/set-tag",
        "{\"run_id\": \"%s\", \"key\": \"mlflow.note.content\", \"value\": \"by MLflow\"}"
            .formatted(run));
    assertThat(note(team, "runs", run).json().get("text").stringValue()).isEqualTo("by MLflow");
  }

  @Test
  void ofAnExperimentAreTheTagThatMlflowShows() {
    assertThat(put(team, "experiments", experiment, "why").status()).isEqualTo(200);

    assertThat(team.get("/api/2.0/mlflow/experiments/get?experiment_id=" + experiment).text())
        .contains("{\"key\":\"mlflow.note.content\",\"value\":\"why\"}");
    assertThat(note(team, "experiments", experiment).json().get("text").stringValue())
        .isEqualTo("why");
  }

  @Test
  void areNeverCut() {
    assertThat(put(team, "runs", run, "x".repeat(8_000)).status()).isEqualTo(200);
    assertThat(put(team, "runs", run, "x".repeat(8_001)).status()).isEqualTo(400);
    assertThat(put(team, "experiments", experiment, "x".repeat(5_001)).status()).isEqualTo(400);
    assertThat(put(team, "runs", run, "a\\u0000b").status()).isEqualTo(400);
    assertThat(note(team, "runs", run).json().get("text").stringValue()).hasSize(8_000);
  }

  @Test
  void ofAnotherTeamDoNotExist() {
    Client stranger = registry.team("stranger-" + UUID.randomUUID());

    assertThat(note(stranger, "runs", run).status()).isEqualTo(404);
    assertThat(put(stranger, "runs", run, "x").status()).isEqualTo(404);
    assertThat(note(stranger, "experiments", experiment).status()).isEqualTo(404);
    assertThat(put(stranger, "experiments", experiment, "x").status()).isEqualTo(404);
  }

  @Test
  void areReadButNotWrittenByViewers() {
    Client viewer = registry.as(registry.exchange(registry.newToken("viewer")));

    assertThat(put(viewer, "runs", run, "x").status()).isEqualTo(403);
    assertThat(put(viewer, "experiments", "0", "x").status()).isEqualTo(403);
    assertThat(note(viewer, "runs", run).status()).isEqualTo(404);
  }

  private static Answer note(Client client, String kind, String id) {
    return client.get(ROOT + "/" + kind + "/" + id + "/note");
  }

  private static Answer put(Client client, String kind, String id, String text) {
    return client.send(
        "PUT", ROOT + "/" + kind + "/" + id + "/note", "{\"text\": \"" + text + "\"}");
  }
}
