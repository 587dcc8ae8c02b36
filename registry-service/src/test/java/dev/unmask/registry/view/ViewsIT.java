package dev.unmask.registry.view;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ViewsIT {
  private static final String VIEWS = "/api/v1/registry/views";
  private static final RegistryServer registry = RegistryServer.shared();

  private final Teams teams = new Teams(registry);
  private final Client admin = teams.caller(Teams.ADMIN);
  private final Client maintainer = teams.caller("maintainer");
  private final Client member = teams.caller("member");
  private final Client viewer = teams.caller("viewer");

  @Test
  void areReadAsTheyWereSavedAndFindWhatTheySay() {
    String experiment = experiment();
    String good = run(experiment, 1.5);
    run(experiment, 3.5);
    Map<String, Object> search =
        Map.of(
            "experiments", List.of(Long.valueOf(experiment)),
            "filter", "metrics.`train/loss` < 2 AND attributes.status != 'FAILED'",
            "order", List.of("metrics.`train/loss` ASC", "start_time DESC"),
            "state", "ACTIVE",
            "fields", List.of("metrics.`train/loss`", "params.lr"),
            "group", Map.of("by", "params.lr", "metrics", List.of("train/loss")));

    JsonNode made = ok(create(member, "good ones", true, search));

    JsonNode read = ok(viewer.get(VIEWS + "/" + id(made)));
    assertThat(read.get("search")).isEqualTo(JsonMapper.shared().readTree(json(search)));
    assertThat(read.get("name").stringValue()).isEqualTo("good ones");
    assertThat(read.get("owner").stringValue()).startsWith("member-");
    assertThat(read.get("version").intValue()).isEqualTo(1);
    assertThat(made.get("yours").booleanValue()).isTrue();
    assertThat(read.get("yours").booleanValue()).isFalse();
    Map<String, Object> query = new java.util.HashMap<>(search);
    query.remove("group");
    JsonNode found = ok(viewer.send("POST", "/api/v1/registry/runs/search", json(query)));
    assertThat(found.get("runs")).hasSize(1);
    assertThat(found.at("/runs/0/id").stringValue()).isEqualTo(good);
    assertThat(found.at("/runs/0/params/lr").stringValue()).isEqualTo("0.1");
  }

  @Test
  void arePrivateUnlessTheyAreShared() {
    String kept = id(ok(create(member, "mine", false, Map.of())));
    String shared = id(ok(create(member, "ours", true, Map.of())));

    assertThat(names(member)).containsExactly("mine", "ours");
    assertThat(names(viewer)).containsExactly("ours");
    for (Client other : List.of(viewer, maintainer, admin)) {
      assertThat(other.get(VIEWS + "/" + kept).status()).isEqualTo(404);
      assertThat(other.get(VIEWS + "/" + shared).status()).isEqualTo(200);
    }
    assertThat(delete(admin, kept).status()).isEqualTo(404);
    ok(change(member, kept, 1, "mine", true, Map.of()));
    assertThat(names(viewer)).containsExactly("mine", "ours");
  }

  @Test
  void ofAnotherTeamDoNotExist() {
    String shared = id(ok(create(member, "ours", true, Map.of())));
    Client other = teams.caller(Teams.OTHER);

    assertThat(other.get(VIEWS + "/" + shared).status()).isEqualTo(404);
    assertThat(change(other, shared, 1, "x", true, Map.of()).status()).isEqualTo(404);
    assertThat(delete(other, shared).status()).isEqualTo(404);
    assertThat(names(other)).isEmpty();
  }

  @Test
  void areChangedByTheirOwnerAndDeletedByMaintainersToo() {
    String shared = id(ok(create(member, "ours", true, Map.of())));

    for (Client other : List.of(maintainer, admin)) {
      assertThat(change(other, shared, 1, "theirs", true, Map.of()).status()).isEqualTo(403);
    }
    String own = id(ok(create(maintainer, "kept", true, Map.of())));
    assertThat(delete(member, own).status()).isEqualTo(403);
    assertThat(delete(maintainer, shared).status()).isEqualTo(204);
    assertThat(member.get(VIEWS + "/" + shared).status()).isEqualTo(404);
    assertThat(create(viewer, "x", false, Map.of()).status()).isEqualTo(403);
  }

  @Test
  void areReplacedOnlyInTheVersionThatWasRead() {
    String id = id(ok(create(member, "v", false, Map.of())));

    JsonNode second = ok(change(member, id, 1, "v", false, Map.of("filter", "params.a = '1'")));
    Answer late = change(member, id, 1, "v", false, Map.of("filter", "params.a = '2'"));

    assertThat(second.get("version").intValue()).isEqualTo(2);
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.json().get("code").stringValue()).isEqualTo("CONFLICT");
    assertThat(late.json().get("detail").stringValue())
        .contains("it has version 2", "you replace version 1");
    assertThat(ok(member.get(VIEWS + "/" + id)).at("/search/filter").stringValue())
        .isEqualTo("params.a = '1'");
  }

  @Test
  void areReplacedOnceByWritersAtTheSameMoment() throws Exception {
    String id = id(ok(create(member, "v", false, Map.of())));

    List<Answer> answers = Together.run(8, () -> change(member, id, 1, "w", false, Map.of()));

    assertThat(answers).extracting(Answer::status).containsOnly(200, 409).containsOnlyOnce(200);
    assertThat(ok(member.get(VIEWS + "/" + id)).get("version").intValue()).isEqualTo(2);
  }

  @Test
  void haveANameOnceForEachOwner() {
    ok(create(member, "v", false, Map.of()));
    String other = id(ok(create(member, "w", false, Map.of())));

    Answer again = create(member, "v", true, Map.of());

    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().get("code").stringValue()).isEqualTo("ALREADY_EXISTS");
    assertThat(change(member, other, 1, "v", false, Map.of()).status()).isEqualTo(409);
    assertThat(create(maintainer, "v", false, Map.of()).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "metrics.loss <| 15 | a value is missing",
        "metrics.loss < 1 OR params.a = '1'| 18 | unexpected 'OR params",
        "params.a == '1'| 11 | unexpected '= ",
        "lines.a = 1| 1 | invalid entity type 'lines'",
        "params.😀 = '1' AND| 8 | a key is missing",
      })
  void tellWhereAFilterIsNotUnderstood(String filter, int place, String why) {
    Answer refused = create(member, "v", false, Map.of("filter", filter));

    assertThat(refused.status()).isEqualTo(400);
    JsonNode fault = refused.json().at("/errors/0");
    assertThat(fault.get("field").stringValue()).isEqualTo("search.filter");
    assertThat(fault.get("message").stringValue())
        .startsWith("is not understood at character " + place + ": ")
        .contains(why);
    assertThat(names(member)).isEmpty();
  }

  @Test
  void tellEveryFieldThatIsNotUnderstood() {
    Answer refused =
        create(
            member,
            "v",
            false,
            Map.of(
                "experiments", List.of(987654321),
                "filter", "attributes.colour = 'red'",
                "order", List.of("metrics.a", "colour DESC"),
                "fields", List.of("params.a", "lines.b"),
                "group", Map.of("by", "metrics.loss", "metrics", List.of("m"))));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("errors"))
        .extracting(fault -> fault.get("field").stringValue())
        .containsExactly(
            "search.experiments",
            "search.filter",
            "search.order[1]",
            "search.fields[1]",
            "search.group.by");
    assertThat(refused.text()).contains("987654321", "colour", "lines", "name a param or a tag");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": \"v\"}",
        "{\"search\": {}}",
        "{\"name\": \" \", \"search\": {}}",
        "{\"name\": \"a\\u0000b\", \"search\": {}}",
        "{\"name\": \"v\", \"search\": {\"filter\": \"params.a = 'a\\u0000b'\"}}",
        "{\"name\": \"v\", \"search\": {\"filter\": \"params.a = 'a\\ud800b'\"}}",
        "{\"name\": \"v\", \"search\": {\"order\": [null]}}",
        "{\"name\": \"v\", \"search\": {\"order\": [\"metrics.a\", \"metrics.a DESC\"]}}",
        "{\"name\": \"v\", \"search\": {\"state\": \"GONE\"}}",
        "{\"name\": \"v\", \"search\": {\"colour\": 1}}",
        "{\"name\": \"v\", \"search\": {\"group\": {\"by\": \"params.a\", \"metrics\": []}}}"
      })
  void refuseWhatIsNoView(String body) {
    Answer answer = member.send("POST", VIEWS, body);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.json().get("errors")).isNotEmpty();
  }

  @Test
  void arePaged() {
    for (int i = 0; i < 5; i++) {
      ok(create(member, "v" + i, i % 2 == 0, Map.of()));
    }

    List<String> read = new ArrayList<>();
    JsonNode page = ok(member.get(VIEWS + "?max_results=2"));
    while (!page.isEmpty()) {
      page.forEach(view -> read.add(view.get("name").stringValue()));
      page = ok(member.get(VIEWS + "?max_results=2&after=" + id(page.get(page.size() - 1))));
    }

    assertThat(read).containsExactly("v0", "v1", "v2", "v3", "v4");
  }

  @Test
  void areSoManyForEachUserAndNoMore() {
    for (int i = 0; i < 200; i++) {
      ok(create(member, "v" + i, false, Map.of()));
    }

    Answer refused = create(member, "one more", false, Map.of());

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().get("detail").stringValue()).contains("200", "delete one first");
    assertThat(create(maintainer, "another's", false, Map.of()).status()).isEqualTo(201);
  }

  @Test
  void areRecorded() {
    String id = id(ok(create(member, "first", false, Map.of())));
    ok(change(member, id, 1, "second", true, Map.of()));
    assertThat(delete(member, id).status()).isEqualTo(204);

    assertThat(
            ok(admin.get("/api/v1/registry/audit"))
                .get("entries")
                .valueStream()
                .filter(entry -> entry.get("object").stringValue().equals(id))
                .map(entry -> entry.get("action").stringValue())
                .filter(action -> action.startsWith("view.")))
        .containsExactly("view.delete", "view.change", "view.create");
  }

  private String experiment() {
    return ok(admin.post("experiments/create", "{\"name\": \"e\"}"))
        .get("experiment_id")
        .stringValue();
  }

  private String run(String experiment, double loss) {
    String run =
        ok(admin.post("runs/create", "{\"experiment_id\": \"" + experiment + "\"}"))
            .at("/run/info/run_id")
            .stringValue();
    ok(
        admin.post(
            "runs/log-batch",
            """
            {"run_id": "%s", "params": [{"key": "lr", "value": "0.1"}, {"key": "p", "value": "1"}],
             "metrics": [{"key": "train/loss", "value": %s, "timestamp": 1, "step": 1}]}
            """
                .formatted(run, loss)));
    return run;
  }

  private static Answer create(Client client, String name, boolean shared, Map<String, ?> search) {
    return client.send(
        "POST", VIEWS, json(Map.of("name", name, "shared", shared, "search", search)));
  }

  private static Answer change(
      Client client, String id, int version, String name, boolean shared, Map<String, ?> search) {
    return client.send(
        "PUT",
        VIEWS + "/" + id,
        json(Map.of("version", version, "name", name, "shared", shared, "search", search)));
  }

  private static Answer delete(Client client, String id) {
    return client.send("DELETE", VIEWS + "/" + id, BodyPublishers.noBody());
  }

  private static List<String> names(Client client) {
    return ok(client.get(VIEWS)).valueStream().map(v -> v.get("name").stringValue()).toList();
  }

  private static String id(JsonNode view) {
    return view.get("id").asString();
  }

  private static String json(Map<String, ?> body) {
    return JsonMapper.shared().writeValueAsString(body);
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isIn(200, 201);
    return answer.json();
  }
}
