package dev.unmask.registry.run;

import dev.unmask.registry.experiment.ExperimentDeleted;
import java.util.List;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs are deleted and restored with their experiment: a thousand a transaction, so that whoever
 * logs to one of them waits for milliseconds, however many they are.
 */
@Component
class FollowingRuns {
  private static final int CHUNK = 1_000;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  FollowingRuns(JdbcTemplate jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  @EventListener
  void follow(ExperimentDeleted event) {
    List<Long> uids =
        jdbc.query(
            "SELECT uid FROM runs WHERE team_id = ? AND experiment_number = ? ORDER BY uid",
            (row, n) -> row.getLong(1),
            event.teamId(),
            event.number());
    for (int from = 0; from < uids.size(); from += CHUNK) {
      Long[] chunk = uids.subList(from, Math.min(from + CHUNK, uids.size())).toArray(Long[]::new);
      transaction.executeWithoutResult(status -> follow(chunk));
    }
  }

  /**
   * Takes the experiment's state of this moment, not the event's: of two that cross, a deletion and
   * a restoration, both end up where the experiment is.
   */
  private void follow(Long[] uids) {
    // In order, so that two of these wait for each other instead of deadlocking.
    jdbc.query(
        "SELECT uid FROM runs WHERE uid = ANY (?) ORDER BY uid FOR NO KEY UPDATE",
        row -> {},
        (Object) uids);
    jdbc.update(
        """
        UPDATE runs r SET lifecycle = e.lifecycle FROM experiments e
        WHERE r.uid = ANY (?) AND e.team_id = r.team_id AND e.number = r.experiment_number
          AND r.lifecycle <> e.lifecycle AND 'purging' NOT IN (r.lifecycle, e.lifecycle)""",
        (Object) uids);
  }
}
