package dev.unmask.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients that log numbered batches to one run and remember which were acknowledged. A batch whose
 * answer does not come is not sent again: it may be stored whole, or not at all.
 */
final class BatchLoad implements AutoCloseable {
  private static final int METRICS = 20;

  private final String url;
  private final String jwt;
  private final String run;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger sent = new AtomicInteger();
  private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<Integer> refusals = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  BatchLoad(String url, String jwt) {
    this.url = url;
    this.jwt = jwt;
    this.run = create();
  }

  void start(int threads) {
    for (int i = 0; i < threads; i++) {
      clients.execute(this::logUntilStopped);
    }
  }

  int acknowledged() {
    return acknowledged.size();
  }

  /** Ends the clients; each has an answer then, or has lost its connection. */
  @Override
  public void close() {
    stopped = true;
    clients.close();
  }

  /** Checks that every acknowledged batch is stored whole, and every other whole or not at all. */
  void verify() {
    Map<Integer, Integer> metrics = storedMetrics();
    JsonNode data = get("/api/2.0/mlflow/runs/get?run_id=" + run).at("/run/data");
    Set<Integer> params = numbers(data.path("params"));
    Set<Integer> tags = numbers(data.path("tags"));

    assertThat(refusals).isSubsetOf(429, 503);
    assertThat(metrics.values()).containsOnly(METRICS);
    assertThat(metrics.keySet()).containsAll(acknowledged);
    assertThat(params).isEqualTo(metrics.keySet());
    assertThat(tags).isEqualTo(metrics.keySet());
    assertThat(acknowledged.size()).isLessThanOrEqualTo(sent.get());
  }

  private void logUntilStopped() {
    while (!stopped) {
      int number = sent.incrementAndGet();
      try {
        int status = post("runs/log-batch", batch(number)).statusCode();
        (status == 200 ? acknowledged : refusals).add(status == 200 ? number : status);
      } catch (IOException cut) {
        // its fate is open
      }
    }
  }

  private String batch(int number) {
    List<String> metrics = new ArrayList<>();
    for (int i = 0; i < METRICS; i++) {
      metrics.add(
          "{\"key\": \"m%d\", \"value\": %d, \"timestamp\": 1, \"step\": %d}"
              .formatted(i, number, number));
    }
    return "{\"run_id\": \"%s\", \"metrics\": %s, \"params\": [%s], \"tags\": [%s]}"
        .formatted(run, metrics, entry(number), entry(number));
  }

  private static String entry(int number) {
    return "{\"key\": \"n%d\", \"value\": \"%d\"}".formatted(number, number);
  }

  /** How many metrics of each batch are there. */
  private Map<Integer, Integer> storedMetrics() {
    Map<Integer, Integer> stored = new HashMap<>();
    for (int i = 0; i < METRICS; i++) {
      JsonNode history =
          get(
              "/api/2.0/mlflow/metrics/get-history?max_results=25000&metric_key=m"
                  + i
                  + "&run_id="
                  + run);
      for (JsonNode metric : history.path("metrics")) {
        stored.merge(metric.get("step").asInt(), 1, Integer::sum);
      }
    }
    return stored;
  }

  private static Set<Integer> numbers(JsonNode entries) {
    Set<Integer> numbers = new HashSet<>();
    for (JsonNode entry : entries) {
      String key = entry.get("key").stringValue();
      if (key.startsWith("n")) {
        numbers.add(Integer.valueOf(key.substring(1)));
      }
    }
    return numbers;
  }

  private String create() {
    try {
      return json(post("runs/create", "{}")).at("/run/info/run_id").stringValue();
    } catch (IOException failure) {
      throw new AssertionError("the run is not created", failure);
    }
  }

  private JsonNode get(String path) {
    try {
      return json(send(request(path)));
    } catch (IOException failure) {
      throw new AssertionError(path, failure);
    }
  }

  private static JsonNode json(HttpResponse<byte[]> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  private HttpResponse<byte[]> post(String call, String body) throws IOException {
    return send(
        request("/api/2.0/mlflow/" + call)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + jwt);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
