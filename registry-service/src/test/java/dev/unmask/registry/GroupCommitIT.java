package dev.unmask.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.support.observability.MetricNames;
import dev.unmask.testing.Await;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Batches of one run that are written in one transaction stay batches of their own. */
class GroupCommitIT {
  private static final RegistryServer registry =
      RegistryServer.start(
          "--spring.datasource.hikari.connection-init-sql=SET lock_timeout = '60s'");

  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final Client team = registry.team("group-" + UUID.randomUUID());
  private String run = "";

  @AfterAll
  static void stopServer() {
    registry.close();
  }

  @BeforeEach
  void startRun() {
    run = team.post("runs/create", "{}").json().at("/run/info/run_id").stringValue();
  }

  @AfterEach
  void stop() {
    clients.close();
  }

  @Test
  void refusesOneBatchOfAGroupWithItsOwnErrorAndStoresTheOthers() throws Exception {
    double before = transactions();
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    try (Connection holder = lockOfTheRun()) {
      answers.add(send(batch(0, "p0", "0")));
      awaitTransactions(before + 1);
      answers.add(send(batch(1, "p1", "1")));
      awaitWaiting(1);
      answers.add(send(batch(2, "p1", "another")));
      awaitWaiting(2);
      answers.add(send(batch(3, "p0", "0")));
      awaitWaiting(3);
      holder.rollback();
    }
    List<Answer> told = answers.stream().map(CompletableFuture::join).toList();

    assertThat(told).extracting(Answer::status).containsExactly(200, 200, 400, 200);
    assertThat(told.get(2).json().get("message").stringValue())
        .contains("key='p1' was already logged with value='1'")
        .contains("Attempted logging new value 'another'");
    assertThat(transactions()).isEqualTo(before + 2);
    assertThat(steps()).containsExactly(0L, 1L, 3L);
    JsonNode data = team.get("/api/2.0/mlflow/runs/get?run_id=" + run).json().at("/run/data");
    assertThat(data.at("/params")).hasSize(2);
    assertThat(data.at("/tags").valueStream().map(tag -> tag.get("key").stringValue()))
        .containsExactlyInAnyOrder("mlflow.runName", "t0", "t1", "t3");
  }

  @Test
  void keepsTheNameOfTheLastBatchInTheTagAndInTheRun() throws Exception {
    double before = transactions();
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    try (Connection holder = lockOfTheRun()) {
      for (int i = 0; i < 3; i++) {
        answers.add(
            clientsAsync(
                "runs/set-tag",
                "{\"run_id\": \"%s\", \"key\": \"mlflow.runName\", \"value\": \"name-%d\"}"
                    .formatted(run, i)));
        if (i == 0) {
          awaitTransactions(before + 1);
        } else {
          awaitWaiting(i);
        }
      }
      holder.rollback();
    }

    assertThat(answers).allMatch(answer -> answer.join().status() == 200);
    JsonNode stored = team.get("/api/2.0/mlflow/runs/get?run_id=" + run).json().get("run");
    assertThat(stored.at("/info/run_name").stringValue()).isEqualTo("name-2");
    assertThat(stored.at("/data/tags/0/value").stringValue()).isEqualTo("name-2");
  }

  @Test
  void storesNothingInARunThatIsDeletedWhileBatchesWait() throws Exception {
    double before = transactions();
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    try (Connection holder = lockOfTheRun()) {
      answers.add(send(batch(0, "p", "0")));
      awaitTransactions(before + 1);
      answers.add(send(batch(1, "p", "0")));
      answers.add(send(batch(2, "p", "0")));
      awaitWaiting(2);
      execute(holder, "UPDATE runs SET lifecycle = 'deleted' WHERE run_id = ?");
      holder.commit();
    }

    for (CompletableFuture<Answer> answer : answers) {
      assertThat(answer.join().status()).isEqualTo(400);
      assertThat(answer.join().json().get("message").stringValue())
          .contains("must be in the 'active' state");
    }
    team.post("runs/restore", "{\"run_id\": \"%s\"}".formatted(run));
    assertThat(steps()).isEmpty();
    assertThat(
            team.get("/api/2.0/mlflow/runs/get?run_id=" + run)
                .json()
                .at("/run/data/params")
                .isMissingNode())
        .isTrue();
  }

  @Test
  void asksToComeBackWhenARunStaysLockedAndWhenTooManyWait() throws Exception {
    try (RegistryServer strict =
        RegistryServer.start(
            "--unmask.registry.writes.waiting=1",
            "--spring.datasource.hikari.connection-init-sql=SET lock_timeout = '1s'")) {
      Client strictTeam = strict.team("t");
      String id = strictTeam.post("runs/create", "{}").json().at("/run/info/run_id").stringValue();
      String body = batch(1, "p", "1").replace(run, id);
      List<CompletableFuture<Answer>> answers = new ArrayList<>();
      try (Connection holder = strict.bean(DataSource.class).getConnection()) {
        holder.setAutoCommit(false);
        run = id;
        execute(holder, "SELECT 1 FROM runs WHERE run_id = ? FOR UPDATE");
        for (int i = 0; i < 12; i++) {
          answers.add(
              CompletableFuture.supplyAsync(
                  () -> strictTeam.post("runs/log-batch", body), clients));
        }
        answers.forEach(CompletableFuture::join);
        holder.rollback();
      }
      List<Answer> told = answers.stream().map(CompletableFuture::join).toList();

      assertThat(told).extracting(Answer::status).containsOnly(429, 503).contains(429, 503);
      assertThat(told)
          .allMatch(answer -> answer.response().headers().firstValue("Retry-After").isPresent());
      assertThat(told)
          .extracting(answer -> answer.json().get("error_code").stringValue())
          .containsOnly("RESOURCE_EXHAUSTED", "TEMPORARILY_UNAVAILABLE");
      assertThat(strictTeam.post("runs/log-batch", body).status()).isEqualTo(200);
    }
  }

  private List<Long> steps() {
    List<Long> steps = new ArrayList<>();
    team.get("/api/2.0/mlflow/metrics/get-history?metric_key=m&run_id=" + run)
        .json()
        .path("metrics")
        .forEach(metric -> steps.add(metric.get("step").asLong()));
    return steps;
  }

  private String batch(int step, String param, String value) {
    return """
    {"run_id": "%s", "metrics": [{"key": "m", "value": 1, "timestamp": %d, "step": %d}],
     "params": [{"key": "%s", "value": "%s"}], "tags": [{"key": "t%d", "value": ""}]}
    """
        .formatted(run, step, step, param, value, step);
  }

  private CompletableFuture<Answer> send(String batch) {
    return clientsAsync("runs/log-batch", batch);
  }

  private CompletableFuture<Answer> clientsAsync(String call, String body) {
    return CompletableFuture.supplyAsync(() -> team.post(call, body), clients);
  }

  private Connection lockOfTheRun() throws SQLException {
    Connection holder = registry.bean(DataSource.class).getConnection();
    holder.setAutoCommit(false);
    execute(holder, "SELECT 1 FROM runs WHERE run_id = ? FOR UPDATE");
    return holder;
  }

  private void execute(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, run);
      statement.execute();
    }
  }

  private static double transactions() {
    return registry
        .bean(MeterRegistry.class)
        .get(MetricNames.REGISTRY_WRITE_GROUP)
        .summary()
        .count();
  }

  private static void awaitTransactions(double count) {
    Await.until("a transaction", Duration.ofSeconds(30), () -> transactions() == count);
  }

  private static void awaitWaiting(int batches) {
    Await.until(
        batches + " batches wait",
        Duration.ofSeconds(30),
        () ->
            registry
                    .bean(MeterRegistry.class)
                    .get(MetricNames.REGISTRY_WRITES_WAITING)
                    .gauge()
                    .value()
                == batches);
  }
}
