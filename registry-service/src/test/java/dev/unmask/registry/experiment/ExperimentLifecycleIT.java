package dev.unmask.registry.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.testing.Await;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Runs follow their experiment through its life cycle, however many they are. */
class ExperimentLifecycleIT {
  private static final int RUNS = 2_500;

  private final RegistryServer registry = RegistryServer.shared();
  private final String teamId = "life-" + UUID.randomUUID();
  private final Client team = registry.team(teamId);
  private final JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);
  private String experiment = "";

  @BeforeEach
  void fill() {
    experiment =
        team.post("experiments/create", "{\"name\": \"e\"}")
            .json()
            .get("experiment_id")
            .stringValue();
    jdbc.update(
        "INSERT INTO runs (run_id, team_id, experiment_number, name, user_id, status, start_time,"
            + " lifecycle) SELECT gen_random_uuid(), ?, ?, 'n', 'u', 'RUNNING', i, 'active'"
            + " FROM generate_series(1, ?) AS i",
        teamId,
        Long.parseLong(experiment),
        RUNS);
  }

  @Test
  void deletesAndRestoresAllRunsBeforeItAnswers() {
    assertThat(change("delete")).isEqualTo(200);
    assertThat(runs("deleted")).isEqualTo(RUNS);
    assertThat(change("delete")).isEqualTo(404);

    assertThat(change("restore")).isEqualTo(200);
    assertThat(runs("active")).isEqualTo(RUNS);
    assertThat(pending()).isZero();
  }

  @Test
  void finishesWhatBrokeOff() {
    change("delete");
    // As if the process had died in the middle.
    jdbc.update("UPDATE experiments SET runs_follow = true WHERE team_id = ?", teamId);
    jdbc.update(
        "UPDATE runs SET lifecycle = 'active' WHERE team_id = ? AND start_time > 700", teamId);

    Await.until("the rest follows", Duration.ofSeconds(30), () -> runs("deleted") == RUNS);

    Await.until("it is noted", Duration.ofSeconds(30), () -> pending() == 0);
  }

  @Test
  void leavesRunsOfOtherExperimentsAlone() {
    String other =
        team.post("experiments/create", "{\"name\": \"o\"}")
            .json()
            .get("experiment_id")
            .stringValue();
    team.post("runs/create", "{\"experiment_id\": \"" + other + "\"}");

    change("delete");

    assertThat(runs("active")).isEqualTo(1);
  }

  private int change(String what) {
    return team.post("experiments/" + what, "{\"experiment_id\": \"" + experiment + "\"}").status();
  }

  private long runs(String lifecycle) {
    return count("SELECT count(*) FROM runs WHERE team_id = ? AND lifecycle = ?", lifecycle);
  }

  private long pending() {
    return count(
        "SELECT count(*) FROM experiments WHERE team_id = ? AND runs_follow AND name = ?", "e");
  }

  private long count(String sql, String word) {
    Long count = jdbc.queryForObject(sql, Long.class, teamId, word);
    return count == null ? 0 : count;
  }
}
