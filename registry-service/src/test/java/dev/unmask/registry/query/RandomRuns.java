package dev.unmask.registry.query;

import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs over few keys and values, so that filters over the same find some; some lack most. */
final class RandomRuns {
  static final List<String> KEYS = List.of("loss", "a b", "é/ß", "x.y:z-1", "AND");
  static final List<String> STATUSES =
      List.of("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED");
  static final List<Long> TIMES =
      List.of(
          0L,
          1L,
          -3L,
          1772352000000L,
          9007199254740992L,
          9007199254740993L,
          Long.MIN_VALUE,
          Long.MAX_VALUE);

  /** What texts and patterns are made of. */
  static final List<String> PIECES =
      List.of(
          "a", "A", "i", "I", "k", "50", "%", "_", "\\", "'", "\"", "`", " ", "\n", "é", "É",
          "e\u0301", "ß", "ẞ", "İ", "ı", "σ", "ς", "Σ", "\u212a", "中", "😀", "𝐱", "𐐀", "𐐨");

  private static final List<Double> VALUES =
      List.of(
          0.0,
          -0.0,
          1.0,
          -1.0,
          0.1,
          0.5,
          9007199254740992.0,
          Double.MIN_VALUE,
          Double.MAX_VALUE,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Random random;
  private final Client client;

  RandomRuns(long seed, Client client) {
    this.random = new Random(seed);
    this.client = client;
  }

  /** Makes one run by the protocol's calls. */
  SampleRun make() {
    long start = any(TIMES);
    JsonNode info =
        call(
                "runs/create",
                Map.of(
                    "experiment_id",
                    "0",
                    "user_id",
                    text(random, PIECES),
                    "run_name",
                    text(random, PIECES),
                    "start_time",
                    start))
            .at("/run/info");
    String id = info.get("run_id").stringValue();
    String name = info.get("run_name").stringValue();
    Map<String, String> texts = new HashMap<>();
    texts.put("run_id", id);
    texts.put("run_name", name);
    texts.put("user_id", info.path("user_id").asString());
    texts.put("artifact_uri", info.get("artifact_uri").stringValue());
    String status = any(STATUSES);
    texts.put("status", status);
    Map<String, Long> times = new HashMap<>(Map.of("start_time", start));
    Map<String, Object> change = new HashMap<>(Map.of("run_id", id, "status", status));
    if (random.nextBoolean()) {
      long end = any(TIMES);
      times.put("end_time", end);
      change.put("end_time", end);
    }
    call("runs/update", change);
    SampleRun run = new SampleRun(texts, times, new HashMap<>(), new HashMap<>(), new HashMap<>());
    log(run);
    run.tags().put("mlflow.runName", name);
    return run;
  }

  private void log(SampleRun run) {
    for (String key : KEYS) {
      if (random.nextInt(3) > 0) {
        run.metrics().put(key, any(VALUES));
      }
      if (random.nextInt(3) > 0) {
        run.params().put(key, text(random, PIECES));
      }
      if (random.nextInt(3) > 0) {
        run.tags().put(key, text(random, PIECES));
      }
    }
    List<Map<String, Object>> metrics = new ArrayList<>();
    run.metrics()
        .forEach(
            (key, value) -> {
              // Doubles that JSON has no number for travel as text.
              Object sent = Double.isFinite(value) ? value : value.toString();
              metrics.add(Map.of("key", key, "value", sent, "timestamp", 1));
            });
    call(
        "runs/log-batch",
        Map.of(
            "run_id",
            run.id(),
            "metrics",
            metrics,
            "params",
            entries(run.params()),
            "tags",
            entries(run.tags())));
  }

  /** Mostly short, so that equal ones are met. */
  static String text(Random random, List<String> pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(random.nextInt(4) + 1); i >= 0; i--) {
      text.append(pieces.get(random.nextInt(pieces.size())));
    }
    return random.nextInt(20) == 0 ? "" : text.toString();
  }

  private static List<Map<String, String>> entries(Map<String, String> entries) {
    return entries.entrySet().stream()
        .map(entry -> Map.of("key", entry.getKey(), "value", entry.getValue()))
        .toList();
  }

  private JsonNode call(String call, Map<String, Object> fields) {
    Answer answer = client.post(call, JSON.writeValueAsString(fields));
    if (answer.status() != 200) {
      throw new AssertionError(call + " " + fields + " -> " + answer);
    }
    return answer.json();
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
