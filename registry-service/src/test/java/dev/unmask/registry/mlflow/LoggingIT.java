package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** What is logged is stored once and whole, in whatever order and number it comes. */
class LoggingIT {
  private static final int THREADS = 20;
  private static final int BATCHES = 10;
  private static final int KEYS = 30;

  private final RegistryServer registry = RegistryServer.shared();
  private final Client team = registry.team("log-" + UUID.randomUUID());
  private String run = "";

  @BeforeEach
  void startRun() {
    run = newRun();
  }

  @Test
  void addsUpWhatTwentyThreadsLogWithTheirKeysShuffled() throws Exception {
    List<Future<List<Answer>>> threads = new ArrayList<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < THREADS; thread++) {
        int number = thread;
        threads.add(pool.submit(() -> logShuffled(number)));
      }
    }

    for (Future<List<Answer>> thread : threads) {
      assertThat(thread.get()).extracting(Answer::status).containsOnly(200);
    }
    int all = THREADS * BATCHES;
    long sum = (long) all * (all - 1) / 2;
    for (int key = 0; key < KEYS; key++) {
      List<JsonNode> points = history("m" + key);
      assertThat(points).hasSize(all);
      assertThat(points.stream().mapToDouble(point -> point.get("value").doubleValue()).sum())
          .isEqualTo((double) sum * (key + 1));
    }
    JsonNode data = data();
    assertThat(data.get("params")).hasSize(KEYS);
    assertThat(data.get("metrics")).hasSize(KEYS);
    assertThat(latest("m0").get("step").asInt()).isEqualTo(all - 1);
  }

  @Test
  void storesABatchThatIsSentThreeTimesAtOnceJustOnce() throws Exception {
    String batch = batch(7, new Random(1));

    List<Future<Answer>> answers = new ArrayList<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        answers.add(pool.submit(() -> team.post("runs/log-batch", batch)));
      }
    }

    for (Future<Answer> answer : answers) {
      assertThat(answer.get().status()).isEqualTo(200);
    }
    for (int key = 0; key < KEYS; key++) {
      assertThat(history("m" + key)).hasSize(1);
    }
    assertThat(data().get("params")).hasSize(KEYS);
  }

  @Test
  void holdsZeroAndMinusZeroForOneValueAndNanForAnother() {
    log(point("z", "0.0", 1, 1), point("z", "-0.0", 1, 1), point("z", "\"NaN\"", 1, 1));
    log(point("z", "-0.0", 1, 1), point("z", "\"NaN\"", 1, 1), point("z", "\"-Infinity\"", 1, 1));

    assertThat(history("z")).hasSize(3);
    assertThat(latest("z").get("value").stringValue()).isEqualTo("NaN");
  }

  @Test
  void keepsTheGreatestByStepTimestampAndValueWhateverCameLast() {
    log(point("m", "1", 9, 5), point("m", "2", 3, 6));
    log(point("m", "8", 1, 6), point("m", "9", 99, 5));
    assertThat(latest("m").get("value").doubleValue()).isEqualTo(2);

    log(point("m", "3", 3, 6));
    assertThat(latest("m").get("value").doubleValue()).isEqualTo(3);
    assertThat(history("m")).hasSize(5);
  }

  @Test
  void storesAThousandKeysOfOneBatch() {
    String[] points =
        IntStream.range(0, 1_000)
            .mapToObj(i -> point("wide/" + i, Integer.toString(i), 1, i))
            .toArray(String[]::new);

    log(points);
    log(points);

    assertThat(data().get("metrics")).hasSize(1_000);
    assertThat(latest("wide/617").get("value").doubleValue()).isEqualTo(617);
    assertThat(history("wide/617")).hasSize(1);
  }

  @Test
  void notesWhereASeriesHasChangedSinceItWasSummarised() {
    JdbcTemplate database = new JdbcTemplate(registry.bean(DataSource.class));
    log(point("m", "1", 1, 10), point("m", "1", 1, 12));
    assertThat(dirtyFrom(database)).isEqualTo(10);

    database.update(
        "UPDATE metric_series SET dirty_from_step = NULL"
            + " WHERE run_uid = (SELECT uid FROM runs WHERE run_id = ?)",
        run);
    log(point("m", "1", 1, 13), point("m", "1", 1, 14));
    assertThat(dirtyFrom(database)).isEqualTo(13);

    log(point("m", "1", 1, 3));
    log(point("m", "1", 1, 20));
    assertThat(dirtyFrom(database)).isEqualTo(3);
  }

  @Test
  void keepsWhatWasAcknowledgedOfARunThatIsDeletedMeanwhile() throws Exception {
    List<Future<List<Answer>>> threads = new ArrayList<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < 8; thread++) {
        int number = thread;
        threads.add(pool.submit(() -> logShuffled(number)));
      }
      team.post("runs/delete", "{\"run_id\": \"%s\"}".formatted(run));
    }
    team.post("runs/restore", "{\"run_id\": \"%s\"}".formatted(run));

    List<Integer> acknowledged = new ArrayList<>();
    for (int thread = 0; thread < threads.size(); thread++) {
      List<Answer> answers = threads.get(thread).get();
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).status()).isIn(200, 400);
        if (answers.get(i).status() == 200) {
          acknowledged.add(thread * BATCHES + i);
        }
      }
    }
    assertThat(history("m3").stream().map(point -> point.get("step").asInt()))
        .containsExactlyInAnyOrderElementsOf(acknowledged);
  }

  private List<Answer> logShuffled(int thread) {
    Random random = new Random(thread);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      answers.add(team.post("runs/log-batch", batch(thread * BATCHES + i, random)));
    }
    return answers;
  }

  /** Of key k the value (k + 1) * step, and params that are the same in every batch. */
  private String batch(int step, Random random) {
    List<String> metrics = new ArrayList<>();
    List<String> params = new ArrayList<>();
    List<String> tags = new ArrayList<>();
    for (int key = 0; key < KEYS; key++) {
      metrics.add(point("m" + key, Long.toString((long) (key + 1) * step), 1, step));
      params.add("{\"key\": \"p%d\", \"value\": \"%d\"}".formatted(key, key));
      tags.add("{\"key\": \"t%d\", \"value\": \"%d\"}".formatted(key, step));
    }
    for (List<String> entries : List.of(metrics, params, tags)) {
      Collections.shuffle(entries, random);
    }
    return "{\"run_id\": \"%s\", \"metrics\": %s, \"params\": %s, \"tags\": %s}"
        .formatted(run, metrics, params, tags);
  }

  private void log(String... points) {
    Answer answer =
        team.post(
            "runs/log-batch",
            "{\"run_id\": \"%s\", \"metrics\": [%s]}".formatted(run, String.join(",", points)));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
  }

  private static String point(String key, String value, long timestamp, long step) {
    return "{\"key\": \"%s\", \"value\": %s, \"timestamp\": %d, \"step\": %d}"
        .formatted(key, value, timestamp, step);
  }

  private String newRun() {
    return team.post("runs/create", "{}").json().at("/run/info/run_id").stringValue();
  }

  private JsonNode data() {
    return team.get("/api/2.0/mlflow/runs/get?run_id=" + run).json().at("/run/data");
  }

  private JsonNode latest(String key) {
    return data()
        .get("metrics")
        .valueStream()
        .filter(metric -> metric.get("key").stringValue().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private List<JsonNode> history(String key) {
    return team.get("/api/2.0/mlflow/metrics/get-history?metric_key=" + key + "&run_id=" + run)
        .json()
        .path("metrics")
        .valueStream()
        .toList();
  }

  private Long dirtyFrom(JdbcTemplate database) {
    return Objects.requireNonNull(
        database.queryForObject(
            "SELECT dirty_from_step FROM metric_series"
                + " WHERE key = 'm' AND run_uid = (SELECT uid FROM runs WHERE run_id = ?)",
            Long.class,
            run));
  }
}
