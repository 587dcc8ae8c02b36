package dev.unmask.gateway;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A team in the middle of its work, as the three services would tell it. */
final class DemoData {
  private static final JsonMapper JSON = JsonMapper.shared();
  static final String RUN = "4f6f0a2b9a3c4b7e8d1f2a3b4c5d6e7f";
  static final String OLD_RUN = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
  private static final List<String> ANSWER =
      List.of(
          " number",
          " of",
          " elements",
          " in",
          " this",
          " list",
          ".",
          "\n",
          " *",
          "\n",
          " *",
          " @return",
          " the",
          " number",
          " of",
          " elements",
          " in",
          " this",
          " list",
          "\n",
          " */",
          "\n",
          "public",
          " int",
          " size",
          "()",
          " {",
          "\n",
          "  ",
          "return",
          " this",
          ".",
          "delegate",
          ".",
          "size",
          "()",
          ";",
          "\n",
          "}",
          "\n");

  private final long start = System.currentTimeMillis() - 95_000;
  private final DemoTalk talk = new DemoTalk();
  private boolean stopped;
  private boolean deleted;

  /** The JSON of a path; an echo of the path where nothing is known. */
  String answer(HttpExchange exchange, String body) {
    String path = exchange.getRequestURI().getPath();
    String method = exchange.getRequestMethod();
    Object answer =
        switch (path.replaceFirst("^/(ajax-)?api/2.0/mlflow/", "mlflow:")) {
          case "mlflow:experiments/search" ->
              Map.of("experiments", List.of(Map.of("experiment_id", "1", "name", "java-sources")));
          case "mlflow:runs/search" ->
              Map.of(
                  "runs",
                  List.of(run(RUN, "demo", "RUNNING"), run(OLD_RUN, "warm-start", "FINISHED")));
          case "mlflow:runs/get" -> Map.of("run", run(RUN, "demo", "RUNNING"));
          case "/api/v1/registry/series" -> series(JSON.readTree(body));
          case "/api/v1/registry/runs/" + RUN + "/samples" ->
              samples(String.valueOf(exchange.getRequestURI().getQuery()));
          case "/api/v1/registry/runs/" + RUN + "/histograms" -> lossByMaskRatio();
          case "/api/v1/training/jobs" -> List.of(job());
          case "/api/v1/training/jobs/job-1/stop" -> stop();
          case "/api/v1/registry/models" -> List.of(model());
          case "/api/v1/registry/models/demo/versions/2" -> version(2, List.of("champion"), true);
          case "/api/v1/inference/deployments" ->
              method.equals("POST") ? Map.of() : deleted ? List.of() : List.of(deployment());
          case "/api/v1/inference/deployments/d1" -> remove(method);
          case "/v1/models" ->
              Map.of(
                  "object",
                  "list",
                  "data",
                  List.of(served("demo"), served("demo@champion"), served("demo:2")));
          case "/api/v1/identity/tokens" -> method.equals("POST") ? newToken() : List.of(token());
          default ->
              talk.answer(method, path, body)
                  .orElseGet(() -> Map.of("echo", path, "body", body.length()));
        };
    return JSON.writeValueAsString(answer);
  }

  private Object stop() {
    stopped = true;
    return job();
  }

  private Object remove(String method) {
    deleted |= method.equals("DELETE");
    return Map.of();
  }

  private Map<String, Object> run(String id, String name, String status) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("run_id", id);
    info.put("run_name", name);
    info.put("experiment_id", "1");
    info.put("status", status);
    info.put("start_time", status.equals("RUNNING") ? start : start - 3_600_000);
    if (status.equals("FINISHED")) {
      info.put("end_time", start - 3_300_000);
    }
    List<Map<String, Object>> metrics = new ArrayList<>();
    for (String key :
        List.of(
            "train/loss",
            "train/tokens_per_second",
            "train/learning_rate",
            "train/gradient_norm",
            "validation/nats_per_token",
            "validation/bits_per_byte")) {
      metrics.add(Map.of("key", key, "value", value(key, 640), "timestamp", start, "step", 640));
    }
    return Map.of(
        "info",
        info,
        "data",
        Map.of(
            "metrics", metrics,
            "params",
                List.of(
                    entry("method", "block-diffusion"),
                    entry("model.width", "192"),
                    entry("model.layers", "6"),
                    entry("tokenizer.vocabulary", "1024"),
                    entry("optimizer.learning_rate", "0.002")),
            "tags",
                List.of(
                    entry("mlflow.source.name", "training-service"),
                    entry("unmask.precision", "f32"),
                    entry("note", "<script>alert(1)</script>"),
                    entry(
                        "unmask.corpus.sha256",
                        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"))));
  }

  private static Map<String, String> entry(String key, String value) {
    return Map.of("key", key, "value", value);
  }

  private static double value(String key, int step) {
    double noise = new Random(step * 31L + key.length()).nextGaussian();
    return switch (key) {
      case "train/loss" -> 2.2 + 4.6 * Math.exp(-step / 140.0) + 0.08 * noise;
      case "validation/nats_per_token" -> 2.35 + 4.4 * Math.exp(-step / 150.0);
      case "validation/bits_per_byte" -> 1.62;
      case "train/tokens_per_second" -> 14_200 + 350 * noise;
      case "train/learning_rate" ->
          0.002 * Math.min(1, step / 50.0) * (0.55 + 0.45 * Math.cos(step / 1200.0 * Math.PI));
      default -> 0.9 + 0.2 * noise;
    };
  }

  private static Map<String, Object> samples(String query) {
    int from =
        query.contains("from=") ? Integer.parseInt(query.replaceAll(".*from=(\\d+).*", "$1")) : 0;
    List<Map<String, Object>> samples = new ArrayList<>();
    for (int step = 160; step <= 640; step += 160) {
      if (step >= from) {
        samples.add(
            Map.of(
                "name",
                "continued",
                "step",
                step,
                "index",
                1,
                "prompt",
                "public int ",
                "text",
                "value" + step + "() {\n  return <b>" + step + "</b>;\n}"));
        samples.add(
            Map.of("name", "free", "step", step, "index", 0, "text", "free text of step " + step));
      }
    }
    return Map.of("samples", samples);
  }

  /** The first bin is empty at the first step. */
  private static Map<String, Object> lossByMaskRatio() {
    List<Double> edges = new ArrayList<>();
    for (int i = 0; i <= 10; i++) {
      edges.add(i / 10.0);
    }
    List<Map<String, Object>> histograms = new ArrayList<>();
    for (int step = 80; step <= 640; step += 80) {
      List<Integer> counts = new ArrayList<>();
      List<Double> sums = new ArrayList<>();
      for (int bin = 0; bin < 10; bin++) {
        int count = step == 80 && bin == 0 ? 0 : 20 * (bin + 1);
        counts.add(count);
        sums.add(count * (1 + bin / 4.0 + 3 * Math.exp(-step / 150.0)));
      }
      histograms.add(
          Map.of(
              "key", "validation/loss_by_mask_ratio",
              "step", step,
              "edges", edges,
              "counts", counts,
              "sums", sums));
    }
    return Map.of(
        "key",
        "validation/loss_by_mask_ratio",
        "steps",
        16,
        "thinned",
        true,
        "histograms",
        histograms);
  }

  /** Validation as its points, everything else in buckets, one of which holds a NaN. */
  private static Map<String, Object> series(JsonNode request) {
    List<Map<String, Object>> curves = new ArrayList<>();
    for (JsonNode run : request.get("runs")) {
      for (JsonNode name : request.get("keys")) {
        String key = name.stringValue();
        boolean few = key.startsWith("validation");
        Map<String, Object> curve = new LinkedHashMap<>();
        curve.put("runId", run.stringValue());
        curve.put("key", key);
        curve.put("count", few ? 8 : 640);
        if (few) {
          curve.put("points", points(key));
        } else {
          curve.put("nonFinite", Map.of("nan", 1, "infinity", 0, "minusInfinity", 0));
          curve.put("buckets", buckets(key));
        }
        curves.add(curve);
      }
    }
    return Map.of("series", curves);
  }

  private static List<Object> points(String key) {
    List<Object> points = new ArrayList<>();
    for (int step = 80; step <= 640; step += 80) {
      points.add(List.of(step, value(key, step)));
    }
    return points;
  }

  private static List<Object> buckets(String key) {
    List<Object> buckets = new ArrayList<>();
    for (int step = 4; step <= 640; step += 4) {
      double value = value(key, step);
      Map<String, Object> bucket = new LinkedHashMap<>();
      bucket.put("count", 4);
      bucket.put("first", List.of(step - 3, value * 1.01));
      bucket.put("last", List.of(step, step == 320 ? "NaN" : value));
      bucket.put("min", List.of(step - 2, value * 0.97));
      bucket.put("max", List.of(step - 1, value * 1.05));
      buckets.add(bucket);
    }
    return buckets;
  }

  private Map<String, Object> job() {
    return Map.of(
        "id",
        "job-1",
        "name",
        "demo",
        "status",
        stopped ? "STOPPING" : "RUNNING",
        "runId",
        RUN,
        "progress",
        Map.of(
            "step",
            "train",
            "phase",
            2,
            "method",
            "block-diffusion",
            "optimizerStep",
            640,
            "totalSteps",
            1200,
            "secondsLeft",
            128.0,
            "percent",
            53.0),
        "createdAt",
        Instant.ofEpochMilli(start).toString());
  }

  private Map<String, Object> model() {
    return Map.of(
        "name",
        "demo",
        "aliases",
        Map.of("champion", 2),
        "tags",
        Map.of(),
        "versions",
        List.of(version(2, List.of("champion"), false), version(1, List.of(), false)),
        "createdAt",
        Instant.ofEpochMilli(start).toString(),
        "updatedAt",
        Instant.ofEpochMilli(start).toString());
  }

  private Map<String, Object> version(int version, List<String> aliases, boolean files) {
    String sha = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";
    return Map.of(
        "name",
        "demo",
        "version",
        version,
        "runId",
        OLD_RUN,
        "digest",
        "sha256:" + sha,
        "aliases",
        aliases,
        "files",
        files
            ? List.of(
                Map.of("path", "config.json", "size", 512, "sha256", sha),
                Map.of("path", "model.safetensors", "size", 11_534_336, "sha256", sha),
                Map.of("path", "tokenizer.json", "size", 64_200, "sha256", sha))
            : List.of(),
        "createdAt",
        Instant.ofEpochMilli(start).toString(),
        "tags",
        Map.of());
  }

  private Map<String, Object> deployment() {
    return Map.of(
        "id",
        "d1",
        "name",
        "demo-2",
        "model",
        "models:/demo@champion",
        "modelName",
        "demo",
        "version",
        2,
        "digest",
        "sha256:5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
        "status",
        "READY",
        "decoding",
        Map.of("blockSize", 4, "threshold", 0.9, "temperature", 0.8, "cache", "block"),
        "createdAt",
        Instant.ofEpochMilli(start).toString());
  }

  private static Map<String, Object> served(String id) {
    return Map.of("id", id, "object", "model", "created", 1, "owned_by", "local");
  }

  private static Map<String, Object> token() {
    return Map.of(
        "id",
        "t1",
        "name",
        "laptop",
        "role",
        "admin",
        "hint",
        "umk_4kQ9",
        "createdAt",
        Instant.now().toString());
  }

  private static Map<String, Object> newToken() {
    return Map.of("token", "umk_onlyForTheEyesOfTheTest", "details", token());
  }

  /** Denoises a fixed answer in blocks of four, two tokens a step, in a scattered order. */
  void complete(HttpExchange exchange, String body) throws IOException {
    JsonNode request = JSON.readTree(body);
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    Random random = new Random(7);
    int size = ANSWER.size();
    int step = 0;
    try (OutputStream out = exchange.getResponseBody()) {
      for (int block = 0; block < size; block += 4) {
        for (int[] pair : new int[][] {{1, 3}, {0, 2}}) {
          List<Map<String, Object>> committed = new ArrayList<>();
          for (int at : pair) {
            committed.add(
                Map.of(
                    "pos",
                    block + at,
                    "token",
                    ANSWER.get(block + at),
                    "p",
                    0.35 + 0.65 * random.nextDouble()));
          }
          step++;
          event(
              out,
              Map.of(
                  "model",
                  "demo:2",
                  "choices",
                  List.of(),
                  "x_denoise",
                  Map.of(
                      "step",
                      step,
                      "nfe",
                      step,
                      "block",
                      block / 4,
                      "committed",
                      committed,
                      "masked_left",
                      size - 2 * step)));
          TimeUnit.MILLISECONDS.sleep(15);
        }
        event(
            out,
            Map.of(
                "model",
                "demo:2",
                "choices",
                List.of(
                    Map.of(
                        "index", 0, "text", String.join("", ANSWER.subList(block, block + 4))))));
      }
      event(
          out,
          Map.of(
              "model",
              "demo:2",
              "choices",
              List.of(),
              "usage",
              Map.of(
                  "prompt_tokens",
                  request.path("prompt").asString("").length(),
                  "completion_tokens",
                  size,
                  "diffusion",
                  Map.of(
                      "nfe",
                      step,
                      "tokens_per_forward",
                      (double) size / step,
                      "cache_hit_rate",
                      0.93))));
      out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void event(OutputStream out, Map<String, Object> chunk) throws IOException {
    out.write(
        ("data: " + JSON.writeValueAsString(chunk) + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
