package dev.unmask.registry.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.registry.access.Teams;
import dev.unmask.testing.RouteTable;
import dev.unmask.testing.RouteTable.Line;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

class SharesIT {
  private static final String SHARED = "/api/v1/registry/shared";
  private static final String REPORTS = "/api/v1/registry/reports";

  private final RegistryServer registry = RegistryServer.shared();
  private final Teams teams = new Teams(registry);
  private final Client admin = teams.caller(Teams.ADMIN);
  private String shown = "";
  private String hidden = "";

  @BeforeEach
  void makeRuns() {
    shown = run();
    hidden = run();
    ok(
        admin.post(
            "runs/log-batch",
            """
            {"run_id": "%s", "params": [{"key": "lr", "value": "0.1"}],
             "tags": [{"key": "kind", "value": "demo"}, {"key": "mlflow.user", "value": "annabel-lee"}],
             "metrics": [{"key": "loss", "value": 2.5, "timestamp": 1, "step": 1},
                         {"key": "loss", "value": "NaN", "timestamp": 2, "step": 2}]}
            """
                .formatted(shown)));
    for (String run : List.of(shown, hidden)) {
      ok(admin.send("PUT", artifact(run), BodyPublishers.ofString("{\"of\": \"" + run + "\"}")));
    }
  }

  @Test
  void showsTheRunsOfTheLinkAndNothingThatNamesPeople() {
    Client holder = teams.holder(teams.newShare(shown));

    JsonNode all = ok(holder.get(SHARED)).json();

    assertThat(all.get("name").stringValue()).isEqualTo("for you");
    assertThat(all.get("runs")).hasSize(1);
    JsonNode run = all.at("/runs/0");
    assertThat(run.get("runId").stringValue()).isEqualTo(shown);
    assertThat(run.at("/params/lr").stringValue()).isEqualTo("0.1");
    assertThat(run.at("/tags/kind").stringValue()).isEqualTo("demo");
    assertThat(run.at("/metrics/loss").asString()).isEqualTo("NaN");
    assertThat(all.toString())
        .doesNotContain("mlflow.user", "annabel-lee", "admin-of-", teams.id());
    JsonNode points = ok(holder.get(run(shown, "history?metric=loss"))).json();
    assertThat(points).hasSize(2);
    assertThat(points.at("/0/value").doubleValue()).isEqualTo(2.5);
    assertThat(
            ok(holder.get(run(shown, "artifacts?path=model"))).json().at("/0/path").stringValue())
        .isEqualTo("model/config.json");
    Answer file = ok(holder.get(run(shown, "file?path=model/config.json")));
    assertThat(file.json().get("of").stringValue()).isEqualTo(shown);
    assertThat(file.response().headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("sandbox");
  }

  @Test
  void showsNoOtherRunAndNoRunThatWasDeletedSince() {
    Client holder = teams.holder(teams.newShare(shown));

    for (String route :
        List.of("history?metric=loss", "artifacts", "file?path=model/config.json")) {
      assertThat(holder.get(run(hidden, route)).status()).as(route).isEqualTo(404);
      assertThat(holder.get(run("unknown", route)).status()).as(route).isEqualTo(404);
    }
    ok(admin.post("runs/delete", "{\"run_id\": \"" + shown + "\"}"));
    assertThat(ok(holder.get(SHARED)).json().get("runs")).isEmpty();
    assertThat(holder.get(run(shown, "history?metric=loss")).status()).isEqualTo(404);
  }

  @Test
  void showsFilesOnlyWhereTheyAreShared() {
    Instant nextWeek = Instant.now().plus(Duration.ofDays(7));
    Client holder = teams.holder(teams.newShare(shown, false, nextWeek));

    assertThat(ok(holder.get(SHARED)).json().get("runs")).hasSize(1);
    assertThat(holder.get(run(shown, "artifacts")).status()).isEqualTo(404);
    assertThat(holder.get(run(shown, "file?path=model/config.json")).status()).isEqualTo(404);
  }

  @Test
  void endsALinkThatIsRevokedAtOnce() {
    JsonNode share = teams.newShare(shown);
    Client holder = teams.holder(share);
    String path = "/api/v1/registry/shares/" + share.at("/share/id").stringValue();

    assertThat(admin.send("DELETE", path, "").status()).isEqualTo(204);

    assertThat(holder.get(SHARED).status()).isEqualTo(401);
    assertThat(exchange(share).status()).isEqualTo(401);
    assertThat(admin.get("/api/v1/registry/shares").json()).isEmpty();
    assertThat(admin.send("DELETE", path, "").status()).isEqualTo(404);
  }

  @Test
  void endsALinkAtItsTimeAlsoWithinTheLifeOfAJwt() {
    JsonNode share = teams.newShare(shown);
    String id = share.at("/share/id").stringValue();
    JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);
    jdbc.update(
        "UPDATE api_tokens SET expires_at = now() + interval '20 seconds' WHERE id = ?", id);

    Instant until = Instant.parse(exchange(share).json().get("expiresAt").stringValue());

    assertThat(until).isBefore(Instant.now().plusSeconds(21));
    jdbc.update("UPDATE api_tokens SET expires_at = now() WHERE id = ?", id);
    assertThat(exchange(share).status()).isEqualTo(401);
  }

  @Test
  void endsTheLinksOfAMemberWhoIsRemoved() {
    String user = teams.newMember("maintainer");
    Client maintainer =
        registry.as(registry.exchange(teams.newToken(user).get("token").stringValue()));
    JsonNode share = ok(maintainer.send("POST", "/api/v1/registry/shares", create(shown))).json();
    Client holder = teams.holder(share);

    assertThat(admin.send("DELETE", teams.members() + "/" + user, "").status()).isEqualTo(204);

    assertThat(holder.get(SHARED).status()).isEqualTo(401);
  }

  @Test
  void keepsTheSecretOutOfListsRecordsAndTheDatabase() {
    JsonNode share = teams.newShare(shown);
    String secret = share.get("secret").stringValue();

    assertThat(secret).startsWith("ums_").hasSize(53);
    String rest = secret.substring(10);
    assertThat(admin.get("/api/v1/registry/shares").text()).doesNotContain(rest);
    assertThat(admin.get("/api/v1/registry/audit").text())
        .contains("share.create")
        .doesNotContain(rest);
    assertThat(teams.caller("maintainer").get("/api/v1/identity/tokens").text())
        .doesNotContain("for you");
    assertThat(
            registry
                .bean(JdbcTemplate.class)
                .queryForList("SELECT api_tokens::text AS r FROM api_tokens")
                .toString())
        .doesNotContain(rest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"runs\": [\"RUN\"], \"expiresAt\": \"SOON\"}",
        "{\"name\": \"x\", \"runs\": [], \"expiresAt\": \"SOON\"}",
        "{\"name\": \"x\", \"runs\": [\"RUN\"]}",
        "{\"name\": \"x\", \"expiresAt\": \"SOON\"}",
        "{\"name\": \"x\", \"runs\": [\"RUN\"], \"report\": 1, \"expiresAt\": \"SOON\"}",
        "{\"name\": \"x\", \"report\": \"one\", \"expiresAt\": \"SOON\"}",
        "{\"name\": \"x\", \"runs\": [\"RUN\"], \"expiresAt\": \"2001-01-01T00:00:00Z\"}",
        "{\"name\": \"x\", \"runs\": [\"RUN\"], \"expiresAt\": \"2199-01-01T00:00:00Z\"}",
        "{\"name\": \"x\", \"runs\": [\"RUN\"], \"expiresAt\": \"never\"}",
        "{\"name\": \"a\\u0000b\", \"runs\": [\"RUN\"], \"expiresAt\": \"SOON\"}"
      })
  void refusesALinkWithoutANameRunsOrAnEnd(String body) {
    String soon = Instant.now().plusSeconds(3_600).toString();

    Answer answer =
        admin.send(
            "POST", "/api/v1/registry/shares", body.replace("RUN", shown).replace("SOON", soon));

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.json().get("errors")).isNotEmpty();
  }

  @Test
  void refusesRunsOfAnotherTeam() {
    Client other = teams.caller(Teams.OTHER);
    String soon = Instant.now().plusSeconds(3_600).toString();

    Answer answer =
        other.send(
            "POST",
            "/api/v1/registry/shares",
            "{\"name\": \"x\", \"runs\": [\"%s\"], \"expiresAt\": \"%s\"}".formatted(shown, soon));

    assertThat(answer.status()).isEqualTo(404);
  }

  /** The secret of a link, tried on every route there is. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void writesNothingByAnyRoute(boolean overAReport) {
    String report = report(curves(shown));
    Client holder =
        teams.holder(overAReport ? teams.newReportShare(report) : teams.newShare(shown));
    Map<String, String> before = everyRow();
    RouteTable table = RouteTable.beside(Teams.class, "routes.txt");

    for (Line line : table.lines()) {
      String path =
          line.route()
              .replace("/**", "/x")
              .replace("{run}", shown)
              .replace("/reports/{id}", "/reports/" + report)
              .replaceAll("\\{\\*?\\w+}", "1");
      String method = line.method().equals("ANY") ? "POST" : line.method();
      String query = line.request().startsWith("?") ? line.request().replaceAll("[{}]", "") : "";
      String body = line.request().startsWith("{") ? line.request().replace("{run}", shown) : "{}";

      Answer answer =
          method.equals("GET") ? holder.get(path + query) : holder.send(method, path, body);

      if (path.startsWith("/api/v1/registry/reports")) {
        assertThat(answer.status()).as(line + ": " + answer).isEqualTo(403);
      }
      if (!method.equals("GET")) {
        assertThat(answer.status()).as(line + ": " + answer).isIn(400, 403, 404, 405, 500);
      }
    }

    assertThat(table.lines()).hasSizeGreaterThan(100);
    assertThat(everyRow()).isEqualTo(before);
  }

  /** A digest of each table's rows. */
  private Map<String, String> everyRow() {
    JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);
    Map<String, String> rows = new TreeMap<>();
    for (String table :
        jdbc.queryForList(
            // Signs of life of other tests' runs are written in the background.
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'registry'"
                + " AND table_name NOT IN ('run_beats', 'alerts', 'metric_buckets')",
            String.class)) {
      rows.put(
          table,
          String.valueOf(
              jdbc.queryForObject(
                  // Summaries of histories are made in the background, whoever looks at them.
                  "SELECT count(*) || ' ' || coalesce(md5(string_agg(one, '|' ORDER BY one)), '')"
                      + " FROM (SELECT (to_jsonb(t) - 'dirty_from_step')::text AS one FROM \""
                      + table
                      + "\" AS t) AS r",
                  String.class)));
    }
    assertThat(rows)
        .containsKeys("runs", "experiments", "audit_log", "api_tokens", "artifacts")
        .containsKeys("run_comments", "saved_views", "reports", "report_versions");
    return rows;
  }

  @Test
  void showsAReportWithTheRunsThatItsPanelsNameAndNothingElse() {
    String report =
        report(
            curves(shown),
            "{\"kind\": \"runs\", \"title\": \"a search\", \"search\": {\"filter\": \"params.lr = '0.1'\"}}");
    JsonNode share = teams.newReportShare(report);
    Client holder = teams.holder(share);

    JsonNode all = ok(holder.get(SHARED)).json();

    assertThat(share.at("/share/report").asString()).isEqualTo(report);
    assertThat(all.at("/report/title").stringValue()).isEqualTo("weekly");
    assertThat(all.at("/report/text").stringValue()).isEqualTo("# What we saw");
    assertThat(all.at("/report/panels")).hasSize(1);
    assertThat(all.at("/report/panels/0/kind").stringValue()).isEqualTo("curves");
    assertThat(all.at("/report/panels/0/runs/0").stringValue()).isEqualTo(shown);
    assertThat(all.at("/report/hiddenPanels").intValue()).isEqualTo(1);
    assertThat(runIds(all)).containsExactly(shown);
    assertThat(all.toString()).doesNotContain("a search", "admin-of-", "annabel-lee", teams.id());
    assertThat(ok(holder.get(run(shown, "history?metric=loss"))).json()).hasSize(2);
    assertThat(ok(holder.get(run(shown, "file?path=model/config.json"))).status()).isEqualTo(200);
    for (String path :
        List.of(
            run(hidden, "history?metric=loss"),
            run(hidden, "artifacts"),
            run(hidden, "file?path=model/config.json"))) {
      assertThat(holder.get(path).status()).as(path).isEqualTo(404);
    }
    assertThat(holder.get(REPORTS + "/" + report).status()).isEqualTo(403);
    assertThat(holder.get(REPORTS + "/" + report + "/versions").status()).isEqualTo(403);
  }

  @Test
  void followsAReportButNeverBeyondTheRunsItNamedWhenTheLinkWasMade() {
    String other = run();
    String report = report(curves(shown, other));
    JsonNode share = teams.newReportShare(report);
    Client holder = teams.holder(share);

    // A run is added, another one taken out, the text is another.
    save(
        report,
        1,
        "# Changed",
        curves(shown, hidden),
        "{\"kind\": \"differences\", \"runs\": [\"%s\", \"%s\"]}".formatted(shown, hidden));

    JsonNode all = ok(holder.get(SHARED)).json();
    assertThat(all.at("/report/text").stringValue()).isEqualTo("# Changed");
    assertThat(runIds(all)).containsExactly(shown);
    assertThat(all.at("/report/panels")).hasSize(1);
    assertThat(all.at("/report/panels/0/runs")).hasSize(1);
    assertThat(all.at("/report/hiddenPanels").intValue()).isEqualTo(1);
    assertThat(all.toString()).doesNotContain(hidden, other);
    for (String run : List.of(hidden, other)) {
      assertThat(holder.get(run(run, "history?metric=loss")).status()).isEqualTo(404);
      assertThat(holder.get(run(run, "artifacts")).status()).isEqualTo(404);
    }
    // Taken in again, it is shown again: the link was made over it.
    save(report, 2, "# Changed", curves(other, shown));
    assertThat(runIds(ok(holder.get(SHARED)).json())).containsExactly(other, shown);
    assertThat(
            ok(admin.get("/api/v1/registry/shares"))
                .json()
                .at("/0/runs")
                .valueStream()
                .map(JsonNode::stringValue))
        .containsExactly(other, shown);
    // Only a new link shows what was added.
    save(report, 3, "# Changed", curves(shown, hidden));
    Client renewed = teams.holder(teams.newReportShare(report));
    assertThat(runIds(ok(renewed.get(SHARED)).json())).containsExactly(shown, hidden);
    assertThat(runIds(ok(holder.get(SHARED)).json())).containsExactly(shown);
  }

  @Test
  void showsNothingOfAReportThatIsDeletedOrOfAnotherTeam() {
    String report = report(curves(shown));
    Client holder = teams.holder(teams.newReportShare(report));

    assertThat(admin.send("DELETE", REPORTS + "/" + report, "").status()).isEqualTo(204);

    JsonNode all = ok(holder.get(SHARED)).json();
    assertThat(all.has("report")).isFalse();
    assertThat(all.get("runs")).isEmpty();
    assertThat(holder.get(run(shown, "history?metric=loss")).status()).isEqualTo(404);
    assertThat(ok(admin.get("/api/v1/registry/shares")).json().at("/0/runs")).isEmpty();
    String theirs = report(curves(shown));
    String soon = Instant.now().plusSeconds(3_600).toString();
    String body =
        "{\"name\": \"x\", \"report\": %s, \"expiresAt\": \"%s\"}".formatted(theirs, soon);
    assertThat(teams.caller(Teams.OTHER).send("POST", "/api/v1/registry/shares", body).status())
        .isEqualTo(404);
  }

  private static List<String> runIds(JsonNode all) {
    return all.get("runs").valueStream().map(run -> run.get("runId").stringValue()).toList();
  }

  private static String curves(String... runs) {
    return "{\"kind\": \"curves\", \"runs\": [\"%s\"], \"metrics\": [\"loss\"]}"
        .formatted(String.join("\", \"", runs));
  }

  private String report(String... panels) {
    String body =
        "{\"title\": \"weekly\", \"text\": \"# What we saw\", \"panels\": [%s]}"
            .formatted(String.join(", ", panels));
    return ok(admin.send("POST", REPORTS, body)).json().get("id").asString();
  }

  private void save(String report, int version, String text, String... panels) {
    String body =
        "{\"version\": %d, \"title\": \"weekly\", \"text\": \"%s\", \"panels\": [%s]}"
            .formatted(version, text, String.join(", ", panels));
    ok(teams.caller("member").send("PUT", REPORTS + "/" + report, body));
  }

  private static String create(String run) {
    String soon = Instant.now().plus(Duration.ofDays(30)).toString();
    return "{\"name\": \"x\", \"runs\": [\"%s\"], \"expiresAt\": \"%s\"}".formatted(run, soon);
  }

  private Answer exchange(JsonNode share) {
    String secret = share.get("secret").stringValue();
    return registry
        .anonymous()
        .send("POST", "/api/v1/identity/exchange", "{\"token\": \"" + secret + "\"}");
  }

  private String run() {
    return ok(admin.post("runs/create", "{\"experiment_id\": \"0\"}"))
        .json()
        .at("/run/info/run_id")
        .stringValue();
  }

  private static String run(String run, String route) {
    return SHARED + "/runs/" + run + "/" + route;
  }

  private static String artifact(String run) {
    return "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/model/config.json";
  }

  private static Answer ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isIn(200, 201);
    return answer;
  }
}
