package dev.unmask.registry.retention;

import dev.unmask.registry.experiment.ExperimentService;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Experiments on their way out. They keep number and name in the table, but the name is anybody's.
 * The caller owns the transaction.
 */
@Component
class PurgedExperiments {
  private final JdbcTemplate jdbc;

  PurgedExperiments(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Hides it.
   *
   * @throws UnmaskException EXPERIMENT_NOT_FOUND when the team has none, or none any more
   */
  Hidden hide(String teamId, long number) {
    // The strong lock waits for runs that are being created in it, so that they are found.
    Hidden hidden =
        jdbc
            .query(
                "SELECT uid, lifecycle, name FROM experiments WHERE team_id = ? AND number = ?"
                    + " AND lifecycle <> 'purging' FOR UPDATE",
                (row, n) -> new Hidden(row.getLong(1), row.getString(2), row.getString(3)),
                teamId,
                number)
            .stream()
            .findFirst()
            .orElseThrow(() -> ExperimentService.unknown(Long.toString(number)));
    jdbc.update("UPDATE experiments SET lifecycle = 'purging' WHERE uid = ?", hidden.uid());
    return hidden;
  }

  /**
   * @param lifecycle that it had
   */
  record Hidden(long uid, String lifecycle, String name) {}

  /**
   * Makes it visible again, under its name or, where that is taken by now, with its number behind.
   *
   * @throws UnmaskException ALREADY_EXISTS when both names are taken
   */
  void restore(String teamId, long number, String lifecycle) {
    for (String behind : List.of("", " (" + number + ")")) {
      int restored =
          jdbc.update(
              "UPDATE experiments e SET lifecycle = ?, name = e.name || ? WHERE e.team_id = ?"
                  + " AND e.number = ? AND e.lifecycle = 'purging' AND NOT EXISTS (SELECT 1 FROM experiments o"
                  + " WHERE o.team_id = e.team_id AND o.name = e.name || ?"
                  + " AND o.lifecycle <> 'purging')",
              lifecycle,
              behind,
              teamId,
              number,
              behind);
      if (restored == 1) {
        return;
      }
    }
    throw new UnmaskException(
        ErrorCode.ALREADY_EXISTS,
        "the name of experiment " + number + " is taken by now: rename the other one, then cancel");
  }

  /** Its uid, locked, once no run is left in it that another purge has hidden. */
  Optional<Long> lockEmpty(String teamId, long number) {
    return jdbc
        .query(
            "SELECT uid FROM experiments WHERE team_id = ? AND number = ? FOR UPDATE",
            (row, n) -> row.getLong(1),
            teamId,
            number)
        .stream()
        .filter(uid -> isEmpty(teamId, number))
        .findFirst();
  }

  private boolean isEmpty(String teamId, long number) {
    return !Boolean.TRUE.equals(
        jdbc.queryForObject(
            "SELECT EXISTS (SELECT 1 FROM runs WHERE team_id = ? AND experiment_number = ?)",
            Boolean.class,
            teamId,
            number));
  }
}
