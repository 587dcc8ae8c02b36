package dev.unmask.training;

import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.unmask.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The registry as training sees it, in memory: MLflow's calls, versions, keys and tokens. */
public final class FakeRegistry implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Metric key to step to value, over all runs of the fake. */
  public final Map<String, Map<Long, Double>> metrics = new ConcurrentHashMap<>();

  /** Points that came again with another value; an identical repetition is allowed. */
  public final List<String> contradictions = new CopyOnWriteArrayList<>();

  public final List<String> calls = new CopyOnWriteArrayList<>();
  public final Map<String, String> params = new ConcurrentHashMap<>();
  public final Map<String, String> tags = new ConcurrentHashMap<>();
  public final List<String> states = new CopyOnWriteArrayList<>();
  public final Map<String, byte[]> artifacts = new ConcurrentHashMap<>();

  /** What the runs' models wrote, by step, name and index; the last one sent. */
  public final Map<String, String> samples = new ConcurrentSkipListMap<>();

  /** Histograms by key and step, as they were sent. */
  public final Map<String, JsonNode> histograms = new ConcurrentSkipListMap<>();

  public final Map<String, String> aliases = new ConcurrentHashMap<>();
  public final List<Map<String, Object>> versions = new CopyOnWriteArrayList<>();
  private final Map<String, String> experiments = new ConcurrentHashMap<>();
  private final List<String> models = new CopyOnWriteArrayList<>();
  private final int port;
  private @Nullable HttpServer server;

  /** Path part that is answered 400, as by a registry that refuses. */
  public volatile String refuse = "";

  /** Whether aliases are answered 409, as by promotion rules that a version does not fulfil. */
  public volatile boolean refusePromotion;

  private volatile int runs;

  public FakeRegistry() {
    server = bind(0);
    port = server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** No longer reachable. */
  public void goAway() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  public void comeBack() {
    if (server == null) {
      server = bind(port);
    }
  }

  public int runs() {
    return runs;
  }

  public Map<Long, Double> losses() {
    return metrics.getOrDefault("train/loss", Map.of());
  }

  private HttpServer bind(int port) {
    try {
      HttpServer bound = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
      bound.createContext("/", this::handle);
      bound.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      bound.start();
      return bound;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      calls.add(exchange.getRequestMethod() + " " + path);
      if (!refuse.isEmpty() && path.contains(refuse)) {
        answer(exchange, 400, error("INVALID_PARAMETER_VALUE", "the fake refuses " + refuse));
      } else {
        route(exchange, path, body);
      }
    }
  }

  private synchronized void route(HttpExchange exchange, String path, byte[] body)
      throws IOException {
    if (path.startsWith("/api/2.0/mlflow-artifacts/artifacts/")) {
      artifacts.put(path.substring(path.indexOf("/artifacts/", 40) + 11), body);
      answer(exchange, 200, Map.of());
      return;
    }
    JsonNode json =
        body.length == 0
            ? JSON.createObjectNode()
            : JSON.readTree(new String(body, StandardCharsets.UTF_8));
    switch (path) {
      case "/api/v1/identity/exchange" ->
          answer(
              exchange,
              200,
              Map.of(
                  "jwt",
                  TestTokens.jwt("services", "none", "service"),
                  "expiresAt",
                  Instant.now().plusSeconds(300).toString()));
      case "/api/v1/identity/jwks" -> raw(exchange, 200, keys());
      default -> mlflow(exchange, path, json);
    }
  }

  private static String keys() {
    return ((ImmutableJWKSet<?>) TestTokens.keys()).getJWKSet().toString(true);
  }

  private void mlflow(HttpExchange exchange, String path, JsonNode json) throws IOException {
    switch (path) {
      case "/api/2.0/mlflow/experiments/get-by-name" -> experimentByName(exchange);
      case "/api/2.0/mlflow/experiments/create" -> {
        String id = Integer.toString(experiments.size() + 1);
        experiments.put(json.get("name").asString(), id);
        answer(exchange, 200, Map.of("experiment_id", id));
      }
      case "/api/2.0/mlflow/runs/create" -> createRun(exchange, json);
      case "/api/2.0/mlflow/runs/log-batch" -> logBatch(exchange, json);
      case "/api/2.0/mlflow/runs/update" -> {
        states.add(json.get("status").asString());
        answer(exchange, 200, Map.of());
      }
      case "/api/2.0/mlflow/registered-models/create" -> createModel(exchange, json);
      case "/api/2.0/mlflow/registered-models/alias" -> {
        if (refusePromotion) {
          answer(exchange, 409, error("RESOURCE_CONFLICT", "eval/nats is 3, must be at most 2"));
          return;
        }
        aliases.put(json.get("alias").asString(), json.get("version").asString());
        answer(exchange, 200, Map.of());
      }
      case "/api/2.0/mlflow/model-versions/create" -> createVersion(exchange, json);
      default -> ofRun(exchange, path, json);
    }
  }

  private void ofRun(HttpExchange exchange, String path, JsonNode json) throws IOException {
    if (path.startsWith("/api/v1/registry/runs/") && path.endsWith("/samples")) {
      for (JsonNode sample : json.get("samples")) {
        String key =
            "%06d %s %d"
                .formatted(
                    sample.get("step").asLong(),
                    sample.get("name").asString(),
                    sample.get("index").asInt());
        String text = sample.get("text").asString();
        String old = samples.put(key, text);
        if (old != null && !old.equals(text)) {
          contradictions.add(key + ": " + old + " then " + text);
        }
      }
      answer(exchange, 200, Map.of("stored", json.get("samples").size()));
    } else if (path.startsWith("/api/v1/registry/runs/") && path.endsWith("/histograms")) {
      for (JsonNode histogram : json.get("histograms")) {
        histograms.put(
            "%s at %06d".formatted(histogram.get("key").asString(), histogram.get("step").asLong()),
            histogram);
      }
      answer(exchange, 200, Map.of("stored", json.get("histograms").size()));
    } else {
      model(exchange, path);
    }
  }

  private void experimentByName(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    String name = query.substring(query.indexOf('=') + 1);
    String id = experiments.get(name);
    if (id == null) {
      answer(exchange, 404, error("RESOURCE_DOES_NOT_EXIST", "no experiment " + name));
    } else {
      answer(
          exchange,
          200,
          Map.of(
              "experiment",
              Map.of("experiment_id", id, "name", name, "lifecycle_stage", "active")));
    }
  }

  private void createRun(HttpExchange exchange, JsonNode json) throws IOException {
    runs++;
    String id = "run%029d".formatted(runs);
    json.path("tags").forEach(t -> tags.put(t.get("key").asString(), t.get("value").asString()));
    states.add("RUNNING");
    answer(
        exchange,
        200,
        Map.of(
            "run",
            Map.of(
                "info",
                Map.of(
                    "run_id",
                    id,
                    "run_uuid",
                    id,
                    "experiment_id",
                    json.get("experiment_id").asString(),
                    "status",
                    "RUNNING"))));
  }

  private void logBatch(HttpExchange exchange, JsonNode json) throws IOException {
    json.path("params")
        .forEach(p -> params.put(p.get("key").asString(), p.get("value").asString()));
    json.path("tags").forEach(t -> tags.put(t.get("key").asString(), t.get("value").asString()));
    for (JsonNode metric : json.path("metrics")) {
      String key = metric.get("key").asString();
      long step = metric.get("step").asLong();
      double value = metric.get("value").asDouble();
      Double old = metrics.computeIfAbsent(key, k -> new TreeMap<>()).put(step, value);
      // What a machine is measured at may differ, what was computed may not.
      if (old != null && old != value && !key.startsWith("system/")) {
        contradictions.add(key + " at " + step + ": " + old + " then " + value);
      }
    }
    answer(exchange, 200, Map.of());
  }

  private void createModel(HttpExchange exchange, JsonNode json) throws IOException {
    String name = json.get("name").asString();
    if (models.contains(name)) {
      answer(exchange, 400, error("RESOURCE_ALREADY_EXISTS", name));
    } else {
      models.add(name);
      answer(exchange, 200, Map.of("registered_model", Map.of("name", name)));
    }
  }

  private void createVersion(HttpExchange exchange, JsonNode json) throws IOException {
    int number = versions.size() + 1;
    versions.add(
        Map.of(
            "name", json.get("name").asString(),
            "version", number,
            "runId", json.get("run_id").asString(),
            "source", json.get("source").asString()));
    answer(
        exchange,
        200,
        Map.of(
            "model_version",
            Map.of(
                "name", json.get("name").asString(),
                "version", Integer.toString(number),
                "status", "READY")));
  }

  private void model(HttpExchange exchange, String path) throws IOException {
    String prefix = "/api/v1/registry/models/";
    if (!path.startsWith(prefix) || !models.contains(path.substring(prefix.length()))) {
      answer(exchange, 404, Map.of("code", "MODEL_NOT_FOUND", "detail", path));
      return;
    }
    String name = path.substring(prefix.length());
    List<Map<String, Object>> views = new ArrayList<>();
    for (Map<String, Object> version : versions) {
      views.add(
          Map.of(
              "name", name,
              "version", version.get("version"),
              "runId", version.get("runId"),
              "digest", "sha256:0",
              "aliases", List.of(),
              "files", List.of(),
              "createdAt", Instant.EPOCH.toString(),
              "tags", Map.of()));
    }
    answer(
        exchange,
        200,
        Map.of(
            "name", name,
            "aliases", Map.of(),
            "tags", Map.of(),
            "versions", views,
            "createdAt", Instant.EPOCH.toString(),
            "updatedAt", Instant.EPOCH.toString()));
  }

  private static Map<String, String> error(String code, String message) {
    return Map.of("error_code", code, "message", message);
  }

  private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
    raw(exchange, status, JSON.writeValueAsString(body));
  }

  private static void raw(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    goAway();
  }
}
