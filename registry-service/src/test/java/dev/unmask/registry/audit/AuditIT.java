package dev.unmask.registry.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.registry.access.Teams;
import dev.unmask.registry.api.AuditApi;
import dev.unmask.registry.api.AuditApi.AuditEntry;
import dev.unmask.registry.api.AuditApi.AuditPage;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditIT {
  private static final String AUDIT = "/api/v1/registry/audit";

  private final RegistryServer registry = RegistryServer.shared();
  private final Teams teams = new Teams(registry);
  private final Client admin = teams.caller(Teams.ADMIN);

  @Test
  void recordsWhatIsDeletedAndRestoredWithWhatItWasBefore() {
    String experiment = experiment("e");
    String run = run(experiment);
    String file = artifacts(experiment, run) + "model/config.json";
    admin.send("PUT", file, BodyPublishers.ofString("{}"));

    ok(admin.send("DELETE", file, BodyPublishers.noBody()));
    ok(admin.send("DELETE", file, BodyPublishers.noBody()));
    ok(admin.post("runs/delete", "{\"run_id\": \"" + run + "\"}"));
    ok(admin.post("runs/restore", "{\"run_id\": \"" + run + "\"}"));
    ok(admin.post("experiments/delete", "{\"experiment_id\": \"" + experiment + "\"}"));
    ok(admin.post("experiments/restore", "{\"experiment_id\": \"" + experiment + "\"}"));

    Map<String, Object> active = Map.of("lifecycle", "active");
    Map<String, Object> deleted = Map.of("lifecycle", "deleted");
    assertThat(newest(5))
        .extracting(AuditEntry::action, AuditEntry::object, AuditEntry::before, AuditEntry::after)
        .containsExactly(
            tuple("experiment.restore", experiment, deleted, active),
            tuple("experiment.delete", experiment, active, deleted),
            tuple("run.restore", run, deleted, active),
            tuple("run.delete", run, active, deleted),
            tuple("artifact.delete", run + "/model/config.json", Map.of("files", 1), null));
  }

  @Test
  void recordsNothingOfWhatFailed() {
    // Makes the experiment Default, too, which can't be deleted.
    experiment("e");
    int before = newest(1_000).size();

    assertThat(admin.post("experiments/delete", "{\"experiment_id\": \"0\"}").status())
        .isEqualTo(400);
    assertThat(admin.post("runs/delete", "{\"run_id\": \"none\"}").status()).isEqualTo(404);

    assertThat(newest(1_000)).hasSize(before);
  }

  @Test
  void recordsMembersRolesAndTokens() {
    String user = teams.newMember("member");
    String token = teams.newToken(user).at("/details/id").stringValue();
    ok(admin.send("PATCH", teams.members() + "/" + user, "{\"role\": \"maintainer\"}"));
    assertThat(admin.send("DELETE", teams.members() + "/" + user, "").status()).isEqualTo(204);

    List<AuditEntry> entries = newest(5);
    assertThat(entries)
        .extracting(AuditEntry::action)
        .containsExactly(
            "member.remove", "token.revoke", "member.role", "token.create", "member.add");
    AuditEntry role = entries.get(2);
    assertThat(role.before()).isEqualTo(Map.of("role", "member"));
    assertThat(role.after()).isEqualTo(Map.of("role", "maintainer"));
    assertThat(entries.get(1).object()).isEqualTo(token);
    assertThat(entries.getFirst().before()).isEqualTo(Map.of("role", "maintainer"));
    assertThat(entries.getFirst().after()).isNull();
  }

  @Test
  void tellsWhoAskedFromWhereByWhichRequest() {
    String run = run(experiment("e"));
    ok(
        admin.send(
            "POST",
            "/api/2.0/mlflow/runs/delete",
            BodyPublishers.ofString("{\"run_id\": \"" + run + "\"}"),
            "Content-Type",
            "application/json",
            "X-Request-Id",
            "request-4712",
            "X-Unmask-Client-Address",
            "2001:db8::7"));

    AuditEntry entry = newest(1).getFirst();
    assertThat(entry.requestId()).isEqualTo("request-4712");
    assertThat(entry.ip()).isEqualTo("2001:db8::7");
    assertThat(entry.userName()).startsWith("admin-of-");
    assertThat(entry.tokenId()).isNotBlank();
    assertThat(entry.at()).isBeforeOrEqualTo(Instant.now());
  }

  @ParameterizedTest
  @ValueSource(strings = {"<script>", "a b", "unknown-host.example", "", "1"})
  void takesThePeersAddressWhereTheHeaderHoldsNone(String header) {
    String run = run(experiment("e"));
    ok(
        admin.send(
            "POST",
            "/api/2.0/mlflow/runs/delete",
            BodyPublishers.ofString("{\"run_id\": \"" + run + "\"}"),
            "Content-Type",
            "application/json",
            "X-Unmask-Client-Address",
            header));

    assertThat(newest(1).getFirst().ip()).isEqualTo("127.0.0.1");
  }

  @Test
  void pagesThroughTheRecordWithoutGapsWhileMoreIsWritten() {
    List<String> runs = new ArrayList<>();
    String experiment = experiment("e");
    for (int i = 0; i < 7; i++) {
      runs.addFirst(run(experiment));
      ok(admin.post("runs/delete", "{\"run_id\": \"" + runs.getFirst() + "\"}"));
    }

    List<String> seen = new ArrayList<>();
    Long next = null;
    do {
      AuditPage page = api().entries("run.delete", null, null, null, next, 3);
      page.entries().forEach(entry -> seen.add(entry.object()));
      next = page.next();
      ok(admin.post("runs/delete", "{\"run_id\": \"" + run(experiment) + "\"}"));
    } while (next != null);

    assertThat(seen).isEqualTo(runs);
  }

  @Test
  void findsEntriesByActionUserAndTime() {
    String run = run(experiment("e"));
    ok(admin.post("runs/delete", "{\"run_id\": \"" + run + "\"}"));
    AuditEntry last = newest(1).getFirst();
    Instant later = last.at().plusMillis(1);

    assertThat(objects("run.delete", last.userId(), null, later)).containsExactly(run);
    assertThat(objects("run.restore", last.userId(), null, null)).isEmpty();
    assertThat(objects(null, "nobody", null, null)).isEmpty();
    assertThat(objects(null, null, later, null)).isEmpty();
    assertThat(objects("run.delete", null, last.at(), later)).containsExactly(run);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"size=0", "size=1001", "size=x", "page=x", "from=yesterday", "to=2026-13-01"})
  void namesAParameterItDoesNotUnderstand(String query) {
    Answer answer = admin.get(AUDIT + "?" + query);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/field").stringValue())
        .isEqualTo(query.substring(0, query.indexOf('=')));
  }

  @Test
  void exportsEverythingFromTheOldestOnAsJsonLines() {
    String experiment = experiment("e");
    JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);
    // More than a page of the export.
    jdbc.update(
        "INSERT INTO audit_log (at, team_id, user_id, action, object)"
            + " SELECT now(), ?, 'u', 'many', i::text FROM generate_series(1, 2500) AS i",
        teams.id());
    ok(admin.post("experiments/delete", "{\"experiment_id\": \"" + experiment + "\"}"));

    Answer answer = admin.get(AUDIT + "/export");

    assertThat(answer.response().headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/x-ndjson");
    List<JsonNode> lines =
        answer.text().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
    assertThat(lines.stream().map(line -> line.get("id").longValue()).toList()).isSorted();
    assertThat(lines.stream().filter(l -> l.get("action").stringValue().equals("many")))
        .hasSize(2500);
    assertThat(lines.getFirst().get("action").stringValue()).isEqualTo("team.create");
    assertThat(lines.getLast().at("/after/lifecycle").stringValue()).isEqualTo("deleted");
    String from = lines.getLast().get("at").stringValue();
    assertThat(admin.get(AUDIT + "/export?from=" + from).text().lines()).isNotEmpty();
    assertThat(admin.get(AUDIT + "/export?to=2000-01-01T00:00:00Z").text()).isEmpty();
  }

  @Test
  void showsATeamNothingOfAnother() {
    run(experiment("e"));
    Client other = teams.caller(Teams.OTHER);

    List<String> ids = new ArrayList<>();
    other.get(AUDIT).json().get("entries").forEach(e -> ids.add(e.get("id").toString()));
    assertThat(ids).hasSize(1);
    assertThat(newest(1_000))
        .extracting(entry -> Long.toString(entry.id()))
        .doesNotContainAnyElementsOf(ids);
    assertThat(other.get(AUDIT + "/export").text().lines()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit_log SET action = 'nothing'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "TRUNCATE audit_log CASCADE"
      })
  void canNeitherBeChangedNorEmptied(String statement) {
    JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);

    assertThatThrownBy(() -> jdbc.execute(statement)).hasMessageContaining("never change");
    assertThat(newest(1)).isNotEmpty();
  }

  private List<AuditEntry> newest(int size) {
    return api().entries(null, null, null, null, null, size).entries();
  }

  private List<String> objects(
      @Nullable String action,
      @Nullable String user,
      @Nullable Instant from,
      @Nullable Instant to) {
    return api().entries(action, user, from, to, null, 100).entries().stream()
        .map(AuditEntry::object)
        .toList();
  }

  private AuditApi api() {
    RestClient rest =
        RestClient.builder()
            .baseUrl(registry.url())
            .defaultHeader("Authorization", "Bearer " + admin.jwt())
            .build();
    return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(rest))
        .build()
        .createClient(AuditApi.class);
  }

  private String experiment(String name) {
    String body = "{\"name\": \"" + name + UUID.randomUUID() + "\"}";
    return ok(admin.post("experiments/create", body)).json().get("experiment_id").stringValue();
  }

  private String run(String experiment) {
    return ok(admin.post("runs/create", "{\"experiment_id\": \"" + experiment + "\"}"))
        .json()
        .at("/run/info/run_id")
        .stringValue();
  }

  private static String artifacts(String experiment, String run) {
    return "/api/2.0/mlflow-artifacts/artifacts/" + experiment + "/" + run + "/artifacts/";
  }

  private static Answer ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer;
  }
}
