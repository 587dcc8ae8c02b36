package dev.unmask.gateway;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What a team says about its runs: comments, views, reports, links and alerts, which are kept. */
final class DemoTalk {
  /** Everything that Markdown must not become, among what it must. */
  static final String HOSTILE =
      """
      # The loss jumps

      **bold** [good](https://example.org/ok) https://example.org/auto [inner](#/models)

      | a | b |
      |:-:|---|
      | 1 | 2 |

      <script>window.hacked = 1</script>

      <img src="/favicon.ico" onerror="window.hacked = 2" onload="window.hacked = 2">

      ![picture](https://example.org/picture.png)

      [one](javascript:window.hacked=3) [two](JaVaScRiPt:window.hacked=3)

      [three](data:text/html,<script>parent.hacked=3</script>) [four](vbscript:x)

      <a href="javascript:window.hacked=4" onclick="window.hacked=4">five</a>

      <a href="&#106;avascript:window.hacked=4">six</a> <a href=" javascript:window.hacked=4">seven</a>

      <svg onload="window.hacked = 5"><script>window.hacked = 5</script></svg>

      <iframe srcdoc="<script>parent.hacked = 6</script>"></iframe>

      <math><mtext><table><mglyph><style><img src=x onerror="window.hacked=7"></style></mglyph></table></mtext></math>

      <style>* { display: none }</style><p style="position: fixed" id="content" class="page">styled</p>

      <form action="/api/v1/session" method="post"><input name="token"><button>go</button></form>

      <details open ontoggle="window.hacked = 8"><summary>more</summary></details>

      <a name="location" href="//example.org/other">eight</a>
      """;

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
  private static final Pattern ONE =
      Pattern.compile(
          "/api/v1/registry/(runs/\\w+/comments|views|reports|shares|alerts)/(\\d+)(/.*)?");
  private static final Pattern ALL =
      Pattern.compile("/api/v1/registry/(runs/\\w+/comments|views|reports|shares|alerts)");
  private static final Pattern VERSION = Pattern.compile("/versions/(\\d+)(/restore)?");

  private final Map<String, List<Map<String, Object>>> lists = new ConcurrentHashMap<>();
  private final Map<String, List<Map<String, Object>>> versions = new ConcurrentHashMap<>();
  private int made = 10;

  DemoTalk() {
    add("runs/" + DemoData.RUN + "/comments", comment("1", HOSTILE));
    add("views", view());
    Map<String, Object> report = report();
    add("reports", report);
    versions.put("1", new ArrayList<>(List.of(report)));
    add("shares", share());
    add("alerts", alert());
  }

  /** Empty where nothing is known of the path. */
  synchronized Optional<Object> answer(String method, String path, String body) {
    Matcher one = ONE.matcher(path);
    Matcher all = ALL.matcher(path);
    if (one.matches()) {
      String rest = one.group(3);
      return Optional.of(one(method, one.group(1), one.group(2), rest == null ? "" : rest, body));
    }
    if (all.matches()) {
      return Optional.of(all(method, all.group(1), body));
    }
    return switch (path) {
      case "/api/v1/registry/runs/search" ->
          Optional.of(
              Map.of(
                  "runs", List.of(run(DemoData.RUN, "demo"), run(DemoData.OLD_RUN, "warm-start"))));
      case "/api/v1/registry/runs/differences" -> Optional.of(differences());
      case "/api/v1/registry/models/demo/versions/@champion/card" -> Optional.of(card());
      case "/api/v1/registry/shared" -> Optional.of(shared());
      case "/api/v1/registry/shared/runs/" + DemoData.RUN + "/history" ->
          Optional.of(
              List.of(
                  Map.of("step", 1, "timestamp", Instant.now().toString(), "value", 3.0),
                  Map.of("step", 2, "timestamp", Instant.now().toString(), "value", "NaN"),
                  Map.of("step", 3, "timestamp", Instant.now().toString(), "value", 2.0)));
      default -> Optional.empty();
    };
  }

  private Object all(String method, String kind, String body) {
    if (method.equals("GET")) {
      return lists.getOrDefault(kind, List.of());
    }
    Map<String, Object> fresh = new LinkedHashMap<>(JSON.readValue(body, OBJECT));
    String id = Integer.toString(made++);
    fresh.putAll(
        kind.equals("reports")
            ? reportFields(id, 1)
            : kind.equals("views") ? viewFields(id) : comment(id, ""));
    fresh.putAll(JSON.readValue(body, OBJECT));
    add(kind, fresh);
    if (kind.equals("reports")) {
      versions.put(id, new ArrayList<>(List.of(fresh)));
    }
    return fresh;
  }

  private Object one(String method, String kind, String id, String rest, String body) {
    List<Map<String, Object>> list = lists.computeIfAbsent(kind, any -> new ArrayList<>());
    Map<String, Object> found =
        list.stream()
            .filter(item -> id.equals(String.valueOf(item.get("id"))))
            .findFirst()
            .orElseThrow();
    if (rest.startsWith("/versions")) {
      return version(list, found, id, rest);
    }
    switch (method) {
      case "DELETE" -> list.remove(found);
      case "PUT" -> {
        Map<String, Object> changed = new HashMap<>(found);
        changed.putAll(JSON.readValue(body, OBJECT));
        changed.put("editedAt", Instant.now().toString());
        return kind.equals("reports")
            ? save(list, found, id, changed)
            : replace(list, found, changed);
      }
      default -> {}
    }
    return found;
  }

  private Object version(
      List<Map<String, Object>> list, Map<String, Object> found, String id, String rest) {
    Matcher one = VERSION.matcher(rest);
    if (!one.matches()) {
      return versionsOf(id).reversed();
    }
    Map<String, Object> old = versionsOf(id).get(Integer.parseInt(one.group(1)) - 1);
    return one.group(2) == null ? old : save(list, found, id, new HashMap<>(old));
  }

  private Object save(
      List<Map<String, Object>> list,
      Map<String, Object> found,
      String id,
      Map<String, Object> changed) {
    changed.putAll(reportFields(id, versionsOf(id).size() + 1));
    versionsOf(id).add(changed);
    return replace(list, found, changed);
  }

  private List<Map<String, Object>> versionsOf(String id) {
    return versions.computeIfAbsent(id, any -> new ArrayList<>());
  }

  private static Object replace(
      List<Map<String, Object>> list, Map<String, Object> found, Map<String, Object> changed) {
    list.set(list.indexOf(found), changed);
    return changed;
  }

  private void add(String kind, Map<String, Object> item) {
    lists.computeIfAbsent(kind, any -> new ArrayList<>()).add(item);
  }

  private static Map<String, Object> comment(String id, String text) {
    return Map.of(
        "id",
        Long.valueOf(id),
        "author",
        "owner",
        "yours",
        true,
        "text",
        text,
        "createdAt",
        Instant.now().minusSeconds(120).toString());
  }

  private static Map<String, Object> view() {
    Map<String, Object> view = new HashMap<>(viewFields("1"));
    view.put("name", "good ones");
    view.put("shared", true);
    view.put(
        "search",
        Map.of(
            "filter",
            "metrics.`train/loss` < 3",
            "fields",
            List.of("metrics.`train/loss`", "params.method")));
    return view;
  }

  private static Map<String, Object> viewFields(String id) {
    return Map.of("id", Long.valueOf(id), "owner", "owner", "yours", true, "version", 1);
  }

  private static Map<String, Object> report() {
    List<String> runs = List.of(DemoData.RUN, DemoData.OLD_RUN);
    Map<String, Object> report = new HashMap<>(reportFields("1", 1));
    report.put("title", "Block diffusion against masked diffusion");
    report.put("text", "Both reach *2.3 nats*; the loss has a kink at step 320.\n\n1. one\n2. two");
    report.put(
        "panels",
        List.of(
            Map.of(
                "kind", "curves", "title", "Loss", "runs", runs, "metrics", List.of("train/loss")),
            Map.of("kind", "runs", "search", Map.of("filter", "params.method != 'x'")),
            Map.of("kind", "differences", "runs", runs),
            Map.of("kind", "model-card", "model", "demo", "version", "@champion")));
    return report;
  }

  private static Map<String, Object> reportFields(String id, int version) {
    return Map.of(
        "id",
        Long.valueOf(id),
        "version",
        version,
        "author",
        "owner",
        "changedBy",
        "owner",
        "createdAt",
        Instant.now().toString(),
        "changedAt",
        Instant.now().toString());
  }

  private static Map<String, Object> share() {
    return Map.of(
        "id",
        "s1",
        "name",
        "for the reviewers",
        "hint",
        "ums_4kQ9aa",
        "report",
        1,
        "runs",
        List.of(DemoData.RUN),
        "artifacts",
        true,
        "createdBy",
        "owner",
        "createdAt",
        Instant.now().toString(),
        "expiresAt",
        Instant.now().plusSeconds(86_400).toString());
  }

  private static Map<String, Object> shared() {
    Map<String, Object> panel =
        Map.of(
            "kind",
            "curves",
            "title",
            "Loss",
            "runs",
            List.of(DemoData.RUN, DemoData.OLD_RUN),
            "metrics",
            List.of("train/loss"));
    return Map.of(
        "name", "for the reviewers",
        "expiresAt", Instant.now().plusSeconds(86_400).toString(),
        "artifacts", false,
        "report",
            Map.of(
                "title",
                "What we saw",
                "text",
                HOSTILE,
                "panels",
                List.of(panel),
                "hiddenPanels",
                1,
                "changedAt",
                Instant.now().toString()),
        "runs",
            List.of(
                Map.of(
                    "runId", DemoData.RUN,
                    "name", "demo",
                    "status", "FINISHED",
                    "startTime", Instant.now().toString(),
                    "params", Map.of("method", "block-diffusion"),
                    "tags", Map.of("note", "<script>alert(1)</script>"),
                    "metrics", Map.of("train/loss", 2.31))));
  }

  private static Map<String, Object> alert() {
    return Map.of(
        "id",
        1,
        "kind",
        "metric-not-finite",
        "runId",
        DemoData.RUN,
        "message",
        "train/loss of run 'demo' is NaN at step 320",
        "at",
        Instant.now().toString());
  }

  private static Map<String, Object> run(String id, String name) {
    return Map.of(
        "id",
        id,
        "experiment",
        1,
        "name",
        name,
        "user",
        "owner",
        "status",
        "FINISHED",
        "startTime",
        Instant.now().toEpochMilli() - 3_600_000,
        "active",
        true,
        "params",
        Map.of("method", "block-diffusion"),
        "tags",
        Map.of(),
        "metrics",
        Map.of("train/loss", Map.of("value", 2.31, "step", 640, "timestamp", 1)));
  }

  private static Map<String, Object> differences() {
    return Map.of(
        "runs", List.of(DemoData.RUN, DemoData.OLD_RUN),
        "params",
            List.of(Map.of("key", "optimizer.learning_rate", "values", List.of("0.002", "0.001"))),
        "tags", List.of(Map.of("key", "mlflow.user", "values", List.of("ann", "bob"))));
  }

  private static Map<String, Object> card() {
    return Map.of(
        "name",
        "demo",
        "version",
        2,
        "digest",
        "sha256:5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
        "aliases",
        List.of("champion"),
        "licence",
        "apache-2.0",
        "run",
        Map.of(
            "runId",
            DemoData.OLD_RUN,
            "name",
            "warm-start",
            "metrics",
            List.of(Map.of("metric", "validation/bits_per_byte", "value", "1.62", "step", 640))));
  }
}
