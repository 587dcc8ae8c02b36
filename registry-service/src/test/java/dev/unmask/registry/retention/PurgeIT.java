package dev.unmask.registry.retention;

import static dev.unmask.registry.retention.LoggedRuns.API;
import static dev.unmask.registry.retention.LoggedRuns.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.registry.artifact.BlobStore;
import dev.unmask.testing.Await;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Hard deletes as callers see them, with the background at work. */
class PurgeIT {
  private static final RegistryServer REGISTRY =
      RegistryServer.start(
          "--unmask.registry.retention.poll=20ms",
          "--unmask.registry.retention.share=1",
          "--unmask.registry.retention.blob-grace=0s");
  private final LoggedRuns logged = new LoggedRuns(REGISTRY);

  @AfterAll
  static void stop() {
    REGISTRY.close();
  }

  @Test
  void removesAnExperimentWithEveryRowOfItAndFreesItsNameAtOnce() {
    long experiment = logged.experiment("baseline");
    logged.runs(experiment, 30, 5);

    JsonNode purge = logged.purgeExperiment(experiment);
    long again = logged.experiment("baseline");

    assertThat(again).isNotEqualTo(experiment);
    assertThat(purge.get("runs").intValue()).isEqualTo(30);
    JsonNode end = done(purge);
    assertThat(end.get("experiment").longValue()).isEqualTo(experiment);
    assertThat(end.get("runsRemoved").intValue()).isEqualTo(30);
    assertThat(end.get("pointsRemoved").intValue()).isEqualTo(300);
    assertThat(end.has("endedAt")).isTrue();
    assertThat(logged.rowsLeft()).isZero();
    assertThat(logged.count("SELECT count(*) FROM experiments WHERE number = ?", experiment))
        .isZero();
    assertThat(logged.found(again)).isEmpty();
  }

  @Test
  void removesRunsByIdAndLeavesTheOthers() {
    long experiment = logged.experiment("e");
    List<String> runs = logged.runs(experiment, 5, 1);

    JsonNode purge = logged.purgeRuns("{\"runs\": " + quoted(runs.subList(0, 2)) + "}");

    assertThat(logged.found(experiment)).containsExactlyInAnyOrderElementsOf(runs.subList(2, 5));
    assertThat(done(purge).get("runsRemoved").intValue()).isEqualTo(2);
    assertThat(logged.count("SELECT count(*) FROM runs WHERE team_id = ?", logged.teamId))
        .isEqualTo(3);
    assertThat(logged.getRun(runs.get(2)).json().at("/run/data/params")).hasSize(1);
  }

  @Test
  void removesWhatAFilterFindsAndTheViewNarrows() {
    long experiment = logged.experiment("e");
    List<String> runs = logged.runs(experiment, 4, 3);
    logged.team.post("runs/delete", "{\"run_id\": \"" + runs.get(0) + "\"}");
    String filter =
        "{\"experiments\": [%d], \"filter\": \"metrics.loss >= 2\", \"state\": \"DELETED\"}";

    JsonNode purge = logged.purgeRuns(filter.formatted(experiment));

    assertThat(done(purge).get("runsRemoved").intValue()).isEqualTo(1);
    assertThat(logged.found(experiment)).containsExactlyInAnyOrderElementsOf(runs.subList(1, 4));
    JsonNode none =
        logged.purgeRuns(
            "{\"experiments\": [%d], \"filter\": \"metrics.loss > 2\"}".formatted(experiment));
    assertThat(done(none).get("runs").intValue()).isZero();
    JsonNode rest = logged.purgeRuns("{\"experiments\": [%d]}".formatted(experiment));
    assertThat(done(rest).get("runsRemoved").intValue()).isEqualTo(3);
  }

  @Test
  void keepsTheDefaultExperimentButNotItsRuns() {
    logged.runs(logged.experiment("other"), 1, 1);
    logged.team.post("runs/create", "{\"experiment_id\": \"0\"}");

    Answer refused = logged.team.send("POST", API + "/experiments/0/purge", "");
    JsonNode purge = logged.purgeRuns("{\"experiments\": [0]}");

    refused(refused, 400, "INVALID_REQUEST", "purge its runs instead");
    assertThat(done(purge).get("runsRemoved").intValue()).isEqualTo(1);
    assertThat(logged.team.post("runs/create", "{\"experiment_id\": \"0\"}").status())
        .isEqualTo(200);
  }

  @Test
  void knowsNothingToPurgeASecondTime() {
    long experiment = logged.experiment("e");
    List<String> runs = logged.runs(experiment, 2, 1);
    String byId = "{\"runs\": " + quoted(runs) + "}";

    logged.purgeRuns(byId);
    refused(logged.team.send("POST", API + "/runs/purge", byId), 404, "RUN_NOT_FOUND", runs.get(0));
    logged.purgeExperiment(experiment);
    refused(
        logged.team.send("POST", API + "/experiments/" + experiment + "/purge", ""),
        404,
        "EXPERIMENT_NOT_FOUND",
        "No Experiment with id=" + experiment);
  }

  @Test
  void treatsAnotherTeamsIdsLikeUnknownOnes() {
    long experiment = logged.experiment("e");
    List<String> runs = logged.runs(experiment, 2, 1);
    LoggedRuns others = new LoggedRuns(REGISTRY);
    List<String> theirs = others.runs(others.experiment("mine"), 1, 1);
    String purge =
        logged.purgeRuns("{\"runs\": " + quoted(runs.subList(0, 1)) + "}").get("id").stringValue();

    String both = "{\"runs\": " + quoted(List.of(theirs.getFirst(), runs.get(1))) + "}";
    refused(others.team.send("POST", API + "/runs/purge", both), 404, "RUN_NOT_FOUND", runs.get(1));
    String byFilter = "{\"experiments\": [" + experiment + "]}";
    refused(
        others.team.send("POST", API + "/runs/purge", byFilter),
        404,
        "EXPERIMENT_NOT_FOUND",
        "" + experiment);
    refused(
        others.team.send("POST", API + "/experiments/" + experiment + "/purge", ""),
        404,
        "EXPERIMENT_NOT_FOUND",
        "" + experiment);
    refused(others.team.get(API + "/purges/" + purge), 404, "PURGE_NOT_FOUND", purge);
    refused(
        others.team.send("DELETE", API + "/purges/" + purge, ""), 404, "PURGE_NOT_FOUND", purge);
    refused(others.team.get(API + "/purges?after=" + purge), 404, "PURGE_NOT_FOUND", purge);

    assertThat(others.team.get(API + "/purges").text()).isEqualTo("[]");
    assertThat(others.getRun(theirs.getFirst()).status()).isEqualTo(200);
    assertThat(logged.getRun(runs.get(1)).status()).isEqualTo(200);
  }

  @Test
  void letsMaintainersPurgeAndNobodyBelow() {
    String body = "{\"experiments\": [0]}";
    for (String role : List.of("viewer", "member")) {
      Client low = REGISTRY.as(REGISTRY.exchange(REGISTRY.newToken(role)));
      for (Answer answer :
          List.of(
              low.send("POST", API + "/experiments/1/purge", ""),
              low.send("POST", API + "/runs/purge", body),
              low.send("DELETE", API + "/purges/x", ""),
              low.get(API + "/blobs"))) {
        refused(answer, 403, "FORBIDDEN", "");
      }
      assertThat(low.get(API + "/purges").status()).isEqualTo(200);
    }
    Client maintainer = REGISTRY.as(REGISTRY.exchange(REGISTRY.newToken("maintainer")));
    assertThat(maintainer.send("POST", API + "/runs/purge", body).status()).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | runs is required",
        "{\"experiments\": []} | runs is required",
        "{\"runs\": []} | 1 to 20000 ids, has 0",
        "{\"runs\": [\"a\"], \"experiments\": [1]} | together",
        "{\"runs\": [\"a\"], \"filter\": \"\"} | together",
        "{\"experiments\": [0], \"state\": \"GONE\"} | state",
        "{\"experiments\": [null]} | experiments",
        "{\"runs\": [null]} | runs",
        "{\"experiments\": [0], \"filter\": \"metrics.a >\"} | Invalid",
        "{\"experiments\": [0], \"filter\": \"datasets.a = 'x'; DROP TABLE runs\"} | Invalid",
      })
  void namesTheFieldThatIsWrong(String body, String message) {
    refused(
        logged.team.send("POST", API + "/runs/purge", body.strip()),
        400,
        "INVALID_REQUEST",
        message.strip());
  }

  @Test
  void refusesPagesThatAreTooLarge() {
    assertThat(logged.team.get(API + "/purges?size=1001").status()).isEqualTo(400);
    assertThat(logged.team.get(API + "/purges?size=0").status()).isEqualTo(400);
  }

  @Test
  void listsPurgesNewestFirstPageByPage() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.addFirst(logged.purgeRuns("{\"experiments\": [0]}").get("id").stringValue());
    }

    JsonNode first = logged.team.get(API + "/purges?size=2").json();
    JsonNode second = logged.team.get(API + "/purges?size=2&after=" + ids.get(1)).json();

    assertThat(first.valueStream().map(purge -> purge.get("id").stringValue()))
        .containsExactlyElementsOf(ids.subList(0, 2));
    assertThat(second.valueStream().map(purge -> purge.get("id").stringValue()))
        .containsExactly(ids.get(2));
  }

  @Test
  void recordsWhoPurgedWhat() {
    long experiment = logged.experiment("secret sauce");
    logged.runs(experiment, 2, 1);
    String runs = logged.purgeRuns("{\"experiments\": [0]}").get("id").stringValue();
    logged.purgeExperiment(experiment);

    assertThat(
            logged.count(
                "SELECT count(*) FROM audit_log WHERE team_id = ? AND action = 'experiment.purge'"
                    + " AND object = ? AND details LIKE '''secret sauce'' with 2 runs%'",
                logged.teamId, "" + experiment))
        .isEqualTo(1);
    assertThat(
            logged.count(
                "SELECT count(*) FROM audit_log WHERE team_id = ? AND action = 'runs.purge'"
                    + " AND object = ?",
                logged.teamId,
                runs))
        .isEqualTo(1);
  }

  @Test
  void keepsFilesOfRegisteredVersionsAndOfOtherRunsWhileTheRestIsFreed() {
    long experiment = logged.experiment("e");
    List<String> runs = logged.runs(experiment, 2, 1);
    byte[] model = UUID.randomUUID().toString().getBytes();
    byte[] shared = UUID.randomUUID().toString().getBytes();
    byte[] own = UUID.randomUUID().toString().getBytes();
    logged.put(experiment, runs.get(0), "model/model.safetensors", model);
    logged.put(experiment, runs.get(0), "shared.txt", shared);
    logged.put(experiment, runs.get(1), "shared.txt", shared);
    logged.put(experiment, runs.get(0), "own.txt", own);
    logged.team.post("registered-models/create", "{\"name\": \"m\"}");
    logged.team.post(
        "model-versions/create",
        "{\"name\": \"m\", \"source\": \"runs:/" + runs.get(0) + "/model\"}");

    done(logged.purgeRuns("{\"runs\": " + quoted(runs.subList(0, 1)) + "}"));
    Await.until("own.txt is freed", Duration.ofSeconds(20), () -> !holds(own));

    assertThat(holds(model)).isTrue();
    assertThat(
            logged
                .team
                .get(API + "/models/m/versions/1/files?path=model.safetensors")
                .response()
                .body())
        .isEqualTo(model);
    assertThat(
            logged
                .team
                .get(LoggedRuns.address(experiment, runs.get(1), "shared.txt"))
                .response()
                .body())
        .isEqualTo(shared);
    done(logged.purgeExperiment(experiment));
    Await.until("shared.txt is freed", Duration.ofSeconds(20), () -> !holds(shared));
    assertThat(holds(model)).isTrue();
  }

  @Test
  void purgesAThousandRunsWhileOthersAreLoggedTo() throws Exception {
    long gone = logged.experiment("gone");
    long kept = logged.experiment("kept");
    logged.runs(gone, 1_000, 10);
    List<String> writers = logged.runs(kept, 4, 0);
    List<Future<List<Integer>>> statuses = new ArrayList<>();

    JsonNode end;
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String run : writers) {
        statuses.add(pool.submit(() -> logHundredPoints(run)));
      }
      end = done(logged.purgeExperiment(gone));
    }

    assertThat(end.get("runsRemoved").intValue()).isEqualTo(1_000);
    assertThat(end.get("pointsRemoved").intValue()).isEqualTo(20_000);
    for (Future<List<Integer>> writer : statuses) {
      assertThat(writer.get()).hasSize(100).containsOnly(200);
    }
    assertThat(
            logged.count(
                "SELECT count(*) FROM metric_points p JOIN metric_series s ON s.id = p.series_id"
                    + " JOIN runs r ON r.uid = s.run_uid WHERE r.team_id = ?",
                logged.teamId))
        .isEqualTo(400);
    logged.purgeExperiment(kept);
    Await.until("all is gone", Duration.ofSeconds(20), () -> logged.rowsLeft() == 0);
  }

  private List<Integer> logHundredPoints(String run) {
    List<Integer> statuses = new ArrayList<>();
    for (int step = 0; step < 100; step++) {
      statuses.add(
          logged
              .team
              .post(
                  "runs/log-metric",
                  "{\"run_id\": \"%s\", \"key\": \"m\", \"value\": 1, \"timestamp\": 1, \"step\": %d}"
                      .formatted(run, step))
              .status());
    }
    return statuses;
  }

  private boolean holds(byte[] content) {
    return Files.exists(REGISTRY.bean(BlobStore.class).path(sha256(content)));
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private JsonNode done(JsonNode purge) {
    String id = purge.get("id").stringValue();
    Await.until(
        "the purge is done",
        Duration.ofSeconds(60),
        () -> logged.purge(id).get("state").stringValue().equals("done"));
    return logged.purge(id);
  }

  private static void refused(Answer answer, int status, String code, String message) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.json().get("code").stringValue()).isEqualTo(code);
    assertThat(answer.json().get("detail").stringValue()).contains(message);
  }
}
