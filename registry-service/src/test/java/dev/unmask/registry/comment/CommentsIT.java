package dev.unmask.registry.comment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.registry.access.Teams;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommentsIT {
  private static final RegistryServer registry = RegistryServer.shared();

  private final Teams teams = new Teams(registry);
  private final Client admin = teams.caller(Teams.ADMIN);
  private final Client maintainer = teams.caller("maintainer");
  private final Client member = teams.caller("member");
  private final Client viewer = teams.caller("viewer");
  private String run = "";

  @BeforeEach
  void createRun() {
    run =
        ok(admin.post("runs/create", "{\"experiment_id\": \"0\"}"))
            .at("/run/info/run_id")
            .stringValue();
  }

  @Test
  void areKeptAsTheyWereWrittenWithAuthorAndTime() {
    String text = "# Loss jumps\n\n* at step 320 <script>alert(1)</script> 😀 'quoted' \\u0041";

    JsonNode made = ok(add(member, text));

    assertThat(made.get("text").stringValue()).isEqualTo(text);
    assertThat(made.get("author").stringValue()).startsWith("member-");
    assertThat(made.get("yours").booleanValue()).isTrue();
    assertThat(made.get("createdAt").stringValue()).isNotEmpty();
    assertThat(made.has("editedAt")).isFalse();
    JsonNode seen = list(viewer, "").getFirst();
    assertThat(seen.get("text").stringValue()).isEqualTo(text);
    assertThat(seen.get("yours").booleanValue()).isFalse();
  }

  @Test
  void arePagedOldestFirstWhileOthersAreAdded() {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      written.add("comment " + i);
      ok(add(member, "comment " + i));
    }

    List<String> read = new ArrayList<>();
    List<JsonNode> page = list(viewer, "?max_results=2");
    while (!page.isEmpty()) {
      page.forEach(comment -> read.add(comment.get("text").stringValue()));
      if (read.size() == 2) {
        written.add("meanwhile");
        ok(add(admin, "meanwhile"));
      }
      page = list(viewer, "?max_results=2&after=" + page.getLast().get("id").asString());
    }

    assertThat(read).isEqualTo(written);
    assertThat(viewer.get(comments(run) + "?max_results=0").status()).isEqualTo(400);
    assertThat(viewer.get(comments(run) + "?after=x").status()).isEqualTo(400);
  }

  @Test
  void areChangedByTheirAuthorOnlyAndSayWhen() {
    String id = ok(add(member, "first")).get("id").asString();

    JsonNode changed = ok(put(member, id, "second"));

    assertThat(changed.get("text").stringValue()).isEqualTo("second");
    assertThat(changed.get("editedAt").stringValue())
        .isGreaterThanOrEqualTo(changed.get("createdAt").stringValue());
    for (Client other : List.of(maintainer, admin)) {
      Answer refused = put(other, id, "third");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text()).contains("only its author");
    }
    assertThat(list(viewer, "").getFirst().get("text").stringValue()).isEqualTo("second");
  }

  @Test
  void areDeletedByTheirAuthorOrAMaintainer() {
    String own = ok(add(member, "own")).get("id").asString();
    String kept = ok(add(maintainer, "kept")).get("id").asString();
    String rude = ok(add(member, "rude")).get("id").asString();

    assertThat(delete(member, own).status()).isEqualTo(204);
    assertThat(delete(member, kept).status()).isEqualTo(403);
    assertThat(delete(maintainer, rude).status()).isEqualTo(204);

    assertThat(list(viewer, ""))
        .extracting(c -> c.get("text").stringValue())
        .containsExactly("kept");
    assertThat(delete(member, own).status()).isEqualTo(404);
  }

  @Test
  void areOfOneRunAndOneTeam() {
    Client other = teams.caller(Teams.OTHER);
    String id = ok(add(member, "mine")).get("id").asString();
    String otherRun =
        ok(admin.post("runs/create", "{\"experiment_id\": \"0\"}"))
            .at("/run/info/run_id")
            .stringValue();

    for (String unknown : List.of(run, "unknown")) {
      JsonNode answer = other.get(comments(unknown)).json();
      assertThat(answer.get("code").stringValue()).isEqualTo("RUN_NOT_FOUND");
      assertThat(answer.get("detail").stringValue())
          .isEqualTo("Run with id=" + unknown + " not found");
    }
    assertThat(add(other, "theirs").status()).isEqualTo(404);
    assertThat(put(other, id, "theirs").status()).isEqualTo(404);
    assertThat(delete(other, id).status()).isEqualTo(404);
    assertThat(member.send("PUT", comments(otherRun) + "/" + id, text("x")).status())
        .isEqualTo(404);
    assertThat(admin.get(comments(otherRun)).json()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"text\": null}",
        "{\"text\": \"\"}",
        "{\"text\": \" \\n\"}",
        "{\"text\": \"a\\u0000b\"}",
        "{\"text\": \"a\\ud800b\"}",
        "{\"text\": \"a\", \"author\": \"x\"}"
      })
  void refusesWhatSaysNothingOrCannotBeKept(String body) {
    Answer answer = member.send("POST", comments(run), body);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.json().get("errors")).isNotEmpty();
  }

  @Test
  void refusesALongerTextAndTellsTheLimit() {
    assertThat(add(member, "😀".repeat(10_000)).status()).isEqualTo(201);

    Answer refused = add(member, "😀".repeat(10_001));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/errors/0/field").stringValue()).isEqualTo("text");
    assertThat(refused.json().at("/errors/0/message").stringValue())
        .isEqualTo("must have at most 10000 characters, has 10001");
  }

  @Test
  void areRecordedWithoutTheirText() {
    String id = ok(add(member, "a secret slip")).get("id").asString();
    ok(put(member, id, "a second slip"));
    assertThat(delete(maintainer, id).status()).isEqualTo(204);

    String record = admin.get("/api/v1/registry/audit").text();

    assertThat(record)
        .contains("comment.create", "comment.edit", "comment.delete", run + "/comments/" + id)
        .doesNotContain("slip");
  }

  @Test
  void goWithTheirRun() {
    ok(add(member, "gone"));
    ok(admin.post("runs/delete", "{\"run_id\": \"" + run + "\"}"));

    assertThat(list(viewer, "")).hasSize(1);
    assertThat(add(member, "too late").status()).isEqualTo(400);
    JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);
    Long uid = jdbc.queryForObject("SELECT uid FROM runs WHERE run_id = ?", Long.class, run);
    jdbc.update("DELETE FROM runs WHERE run_id = ?", run);
    assertThat(
            jdbc.queryForObject(
                "SELECT count(*) FROM run_comments WHERE run_uid = ?", Long.class, uid))
        .isZero();
  }

  private static String comments(String run) {
    return "/api/v1/registry/runs/" + run + "/comments";
  }

  private static String text(String text) {
    return JsonMapper.shared().writeValueAsString(Map.of("text", text));
  }

  private Answer add(Client client, String text) {
    return client.send("POST", comments(run), text(text));
  }

  private Answer put(Client client, String id, String text) {
    return client.send("PUT", comments(run) + "/" + id, text(text));
  }

  private Answer delete(Client client, String id) {
    return client.send("DELETE", comments(run) + "/" + id, BodyPublishers.noBody());
  }

  private List<JsonNode> list(Client client, String query) {
    return ok(client.get(comments(run) + query)).valueStream().toList();
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isIn(200, 201);
    return answer.json();
  }
}
