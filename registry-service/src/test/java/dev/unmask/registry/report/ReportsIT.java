package dev.unmask.registry.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.registry.Together;
import dev.unmask.registry.access.Teams;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportsIT {
  private static final String REPORTS = "/api/v1/registry/reports";
  private static final RegistryServer registry = RegistryServer.shared();

  private final Teams teams = new Teams(registry);
  private final Client admin = teams.caller(Teams.ADMIN);
  private final Client maintainer = teams.caller("maintainer");
  private final Client member = teams.caller("member");
  private final Client viewer = teams.caller("viewer");
  private String first = "";
  private String second = "";

  @BeforeEach
  void createRuns() {
    first = run(admin);
    second = run(admin);
  }

  @Test
  void areReadAsTheyWereWritten() {
    List<Map<String, Object>> panels =
        List.of(
            Map.of(
                "kind", "curves",
                "title", "Loss",
                "runs", List.of(first, second),
                "metrics", List.of("train/loss"),
                "x", "relative"),
            Map.of(
                "kind",
                "runs",
                "search",
                Map.of("filter", "params.lr = '0.1'", "fields", List.of("metrics")),
                "size",
                10),
            Map.of("kind", "differences", "runs", List.of(first, second)),
            card(model(), "@champion"));
    String text = "# Title\n\n<script>alert(1)</script> **bold** 😀";

    JsonNode made = ok(create(member, "weekly", text, panels));

    assertThat(made.get("version").intValue()).isEqualTo(1);
    JsonNode read = ok(viewer.get(REPORTS + "/" + id(made)));
    assertThat(read).isEqualTo(made);
    assertThat(read.get("title").stringValue()).isEqualTo("weekly");
    assertThat(read.get("text").stringValue()).isEqualTo(text);
    assertThat(read.get("panels")).isEqualTo(JsonMapper.shared().valueToTree(panels));
    assertThat(read.get("author").stringValue()).startsWith("member-");
    assertThat(read.get("changedBy")).isEqualTo(read.get("author"));
  }

  @Test
  void keepEveryChangeAsAVersion() {
    String id = id(ok(create(member, "one", "first", List.of(curves(first)))));

    JsonNode saved = ok(save(maintainer, id, 1, "two", "second", List.of(curves(second))));
    JsonNode restored = ok(restore(admin, id, 1, 2));

    assertThat(saved.get("version").intValue()).isEqualTo(2);
    assertThat(saved.get("author").stringValue()).startsWith("member-");
    assertThat(saved.get("changedBy").stringValue()).startsWith("maintainer-");
    assertThat(restored.get("version").intValue()).isEqualTo(3);
    assertThat(restored.get("title").stringValue()).isEqualTo("one");
    assertThat(restored.get("text").stringValue()).isEqualTo("first");
    assertThat(restored.at("/panels/0/runs/0").stringValue()).isEqualTo(first);
    JsonNode versions = ok(viewer.get(REPORTS + "/" + id + "/versions"));
    assertThat(versions).extracting(v -> v.get("version").intValue()).containsExactly(3, 2, 1);
    assertThat(versions.at("/0/restored").intValue()).isEqualTo(1);
    assertThat(versions.get(1).has("restored")).isFalse();
    assertThat(versions.at("/1/changedBy").stringValue()).startsWith("maintainer-");
    JsonNode old = ok(viewer.get(REPORTS + "/" + id + "/versions/2"));
    assertThat(old.get("text").stringValue()).isEqualTo("second");
    assertThat(old.at("/panels/0/runs/0").stringValue()).isEqualTo(second);
    assertThat(viewer.get(REPORTS + "/" + id + "/versions/4").status()).isEqualTo(404);
    assertThat(ok(viewer.get(REPORTS + "/" + id + "/versions?max_results=1&before=3")))
        .singleElement()
        .extracting(v -> v.get("version").intValue())
        .isEqualTo(2);
  }

  @Test
  void areReplacedOnlyInTheVersionThatWasRead() throws Exception {
    String id = id(ok(create(member, "one", "", List.of())));
    ok(save(maintainer, id, 1, "two", "", List.of()));

    Answer late = save(member, id, 1, "lost", "", List.of());

    assertThat(late.status()).isEqualTo(409);
    assertThat(late.json().get("code").stringValue()).isEqualTo("CONFLICT");
    assertThat(late.json().get("detail").stringValue())
        .startsWith("maintainer-")
        .contains("it has version 2 and you replace version 1");
    assertThat(restore(member, id, 1, 1).status()).isEqualTo(409);
    assertThat(ok(viewer.get(REPORTS + "/" + id)).get("title").stringValue()).isEqualTo("two");

    List<Answer> answers = Together.run(8, () -> save(member, id, 2, "raced", "", List.of()));

    assertThat(answers).extracting(Answer::status).containsOnly(200, 409).containsOnlyOnce(200);
    assertThat(ok(viewer.get(REPORTS + "/" + id + "/versions"))).hasSize(3);
  }

  @Test
  void areListedNewestFirstWhileOthersAreMade() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.addFirst(id(ok(create(member, "r" + i, "", List.of()))));
    }

    List<String> read = new ArrayList<>();
    JsonNode page = ok(viewer.get(REPORTS + "?max_results=2"));
    while (!page.isEmpty()) {
      page.forEach(report -> read.add(id(report)));
      ok(create(member, "meanwhile", "", List.of()));
      page = ok(viewer.get(REPORTS + "?max_results=2&before=" + read.getLast()));
    }

    assertThat(read).isEqualTo(made);
    assertThat(viewer.get(REPORTS + "?max_results=1001").status()).isEqualTo(400);
  }

  @Test
  void tellEachPanelThatShowsWhatThereIsNot() {
    String theirs = run(teams.caller(Teams.OTHER));
    Answer refused =
        create(
            member,
            "t",
            "",
            List.of(
                curves(first),
                curves(first, theirs, "unknown"),
                Map.of("kind", "runs", "search", Map.of("filter", "params.a ==")),
                Map.of("kind", "differences", "runs", List.of(first, "gone")),
                card("no-such-model", "1")));

    assertThat(refused.status()).isEqualTo(400);
    JsonNode errors = refused.json().get("errors");
    assertThat(errors)
        .extracting(fault -> fault.get("field").stringValue())
        .containsExactly(
            "panels[1].runs", "panels[2].search.filter", "panels[3].runs", "panels[4]");
    assertThat(errors.at("/0/message").stringValue())
        .isEqualTo("names runs that your team lacks: [" + theirs + ", unknown]");
    assertThat(errors.at("/1/message").stringValue()).contains("at character 11");
    assertThat(errors.at("/3/message").stringValue()).contains("no-such-model");
    assertThat(ok(viewer.get(REPORTS))).isEmpty();
  }

  @Test
  void mayStillBeChangedWhenARunIsGone() {
    String id = id(ok(create(member, "t", "old", List.of(curves(first), curves(second)))));
    registry.bean(JdbcTemplate.class).update("DELETE FROM runs WHERE run_id = ?", first);

    ok(save(member, id, 1, "t", "new", List.of(curves(first), curves(second))));
    ok(save(member, id, 2, "t", "new", List.of(curves(second))));
    ok(restore(member, id, 1, 3));

    Answer changed = save(member, id, 4, "t", "new", List.of(curves(first, second)));
    assertThat(changed.status()).isEqualTo(400);
    assertThat(changed.text()).contains("panels[0].runs", first).doesNotContain(second);
  }

  @Test
  void nameOnlySoManyRunsAndPanels() {
    List<String> many =
        IntStream.range(0, 101).mapToObj(i -> UUID.randomUUID().toString()).toList();
    List<Map<String, Object>> panels = new ArrayList<>();
    for (int i = 0; i < 101; i += 20) {
      panels.add(
          Map.of(
              "kind", "curves",
              "runs", many.subList(i, Math.min(101, i + 20)),
              "metrics", List.of("m")));
    }

    Answer refused = create(member, "t", "", panels);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/errors/0/field").stringValue()).isEqualTo("panels");
    assertThat(refused.json().at("/errors/0/message").stringValue())
        .isEqualTo("may name at most 100 runs, name 101");
    List<Map<String, Object>> tables =
        IntStream.range(0, 51)
            .mapToObj(i -> Map.<String, Object>of("kind", "runs", "search", Map.of()))
            .toList();
    assertThat(create(member, "t", "", tables.subList(0, 50)).status()).isEqualTo(201);
    assertThat(create(member, "t", "", tables).status()).isEqualTo(400);
    assertThat(create(member, "t", "x".repeat(100_000), List.of()).status()).isEqualTo(201);
    Answer tooLong = create(member, "t", "x".repeat(100_001), List.of());
    assertThat(tooLong.status()).isEqualTo(400);
    assertThat(tooLong.json().at("/errors/0/message").stringValue())
        .isEqualTo("must have at most 100000 characters, has 100001");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"title\": \"t\", \"text\": \"\"}",
        "{\"title\": \"t\", \"panels\": []}",
        "{\"title\": \" \", \"text\": \"\", \"panels\": []}",
        "{\"title\": \"t\", \"text\": \"a\\u0000b\", \"panels\": []}",
        "{\"title\": \"t\", \"text\": \"a\\udc00b\", \"panels\": []}",
        "{\"title\": \"t\", \"text\": \"\", \"panels\": [null]}",
        "{\"title\": \"t\", \"text\": \"\", \"panels\": [{\"kind\": \"video\"}]}",
        "{\"title\": \"t\", \"text\": \"\", \"panels\": [{\"title\": \"x\"}]}",
        "{\"title\": \"t\", \"text\": \"\", \"panels\": [{\"kind\": \"curves\"}]}",
        "{\"title\": \"t\", \"text\": \"\", \"panels\": [{\"kind\": \"runs\"}]}",
        "{\"title\": \"t\", \"text\": \"\", \"panels\": [{\"kind\": \"differences\", \"runs\": [\"a\"]}]}",
        "{\"title\": \"t\", \"text\": \"\", \"panels\": [{\"kind\": \"runs\", \"search\": {}, \"size\": 0}]}",
        "{\"title\": \"t\", \"text\": \"\", \"panels\": [{\"kind\": \"model-card\", \"model\": \"a\\u0000\", \"version\": \"1\"}]}"
      })
  void refuseWhatIsNoReport(String body) {
    Answer answer = member.send("POST", REPORTS, body);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.json().get("errors")).as(answer.toString()).isNotEmpty();
  }

  @Test
  void tellWhichKindsOfPanelsThereAre() {
    String panel = "{\"title\": \"t\", \"text\": \"\", \"panels\": [{\"kind\": \"video\"}]}";

    JsonNode fault = member.send("POST", REPORTS, panel).json().at("/errors/0");

    assertThat(fault.get("field").stringValue()).isEqualTo("panels[0]");
    assertThat(fault.get("message").stringValue())
        .isEqualTo("must have a kind of [curves, runs, differences, model-card], has video");
  }

  @Test
  void areDeletedByWhoMadeThemOrAMaintainer() {
    String own = id(ok(create(member, "own", "", List.of())));
    String kept = id(ok(create(admin, "kept", "", List.of())));
    String another = id(ok(create(member, "another", "", List.of())));

    assertThat(delete(member, kept).status()).isEqualTo(403);
    assertThat(delete(member, own).status()).isEqualTo(204);
    assertThat(delete(maintainer, another).status()).isEqualTo(204);

    assertThat(ok(viewer.get(REPORTS))).extracting(ReportsIT::id).containsExactly(kept);
    assertThat(viewer.get(REPORTS + "/" + own + "/versions").status()).isEqualTo(404);
    assertThat(create(viewer, "x", "", List.of()).status()).isEqualTo(403);
  }

  @Test
  void ofAnotherTeamDoNotExist() {
    String id = id(ok(create(member, "t", "", List.of())));
    Client other = teams.caller(Teams.OTHER);

    assertThat(ok(other.get(REPORTS))).isEmpty();
    for (String path : List.of("", "/versions", "/versions/1")) {
      assertThat(other.get(REPORTS + "/" + id + path).status()).as(path).isEqualTo(404);
    }
    assertThat(save(other, id, 1, "x", "", List.of()).status()).isEqualTo(404);
    assertThat(restore(other, id, 1, 1).status()).isEqualTo(404);
    assertThat(delete(other, id).status()).isEqualTo(404);
  }

  @Test
  void areRecorded() {
    String id = id(ok(create(member, "one", "", List.of())));
    ok(save(member, id, 1, "two", "", List.of()));
    ok(restore(member, id, 1, 2));
    assertThat(delete(member, id).status()).isEqualTo(204);

    List<JsonNode> entries =
        ok(admin.get("/api/v1/registry/audit"))
            .get("entries")
            .valueStream()
            .filter(entry -> entry.get("action").stringValue().startsWith("report."))
            .toList();

    assertThat(entries)
        .extracting(entry -> entry.get("action").stringValue())
        .containsExactly("report.delete", "report.restore", "report.save", "report.create");
    assertThat(entries).allMatch(entry -> entry.get("object").stringValue().equals(id));
    assertThat(entries.get(2).at("/before/title").stringValue()).isEqualTo("one");
    assertThat(entries.get(2).at("/after/version").intValue()).isEqualTo(2);
  }

  private static Map<String, Object> curves(String... runs) {
    return Map.of("kind", "curves", "runs", List.of(runs), "metrics", List.of("loss"));
  }

  private static Map<String, Object> card(String model, String version) {
    return Map.of("kind", "model-card", "model", model, "version", version);
  }

  private static String run(Client client) {
    return ok(client.post("runs/create", "{\"experiment_id\": \"0\"}"))
        .at("/run/info/run_id")
        .stringValue();
  }

  private String model() {
    String name = "m" + UUID.randomUUID();
    ok(
        admin.send(
            "PUT",
            "/api/2.0/mlflow-artifacts/artifacts/0/" + first + "/artifacts/model/config.json",
            BodyPublishers.ofString("{}")));
    ok(admin.post("registered-models/create", json(Map.of("name", name))));
    ok(
        admin.post(
            "model-versions/create",
            json(Map.of("name", name, "source", "runs:/" + first + "/model"))));
    ok(
        admin.post(
            "registered-models/alias",
            json(Map.of("name", name, "alias", "champion", "version", "1"))));
    return name;
  }

  private static Answer create(
      Client client, String title, String text, List<Map<String, Object>> panels) {
    return client.send(
        "POST", REPORTS, json(Map.of("title", title, "text", text, "panels", panels)));
  }

  private static Answer save(
      Client client,
      String id,
      int version,
      String title,
      String text,
      List<Map<String, Object>> panels) {
    return client.send(
        "PUT",
        REPORTS + "/" + id,
        json(Map.of("version", version, "title", title, "text", text, "panels", panels)));
  }

  private static Answer restore(Client client, String id, int version, int replaces) {
    return client.send(
        "POST",
        REPORTS + "/" + id + "/versions/" + version + "/restore",
        json(Map.of("replaces", replaces)));
  }

  private static Answer delete(Client client, String id) {
    return client.send("DELETE", REPORTS + "/" + id, BodyPublishers.noBody());
  }

  private static String id(JsonNode report) {
    return report.get("id").asString();
  }

  private static String json(Map<String, ?> body) {
    return JsonMapper.shared().writeValueAsString(body);
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isIn(200, 201);
    return answer.text().isEmpty() ? JsonMapper.shared().createObjectNode() : answer.json();
  }
}
