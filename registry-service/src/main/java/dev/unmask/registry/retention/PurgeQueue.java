package dev.unmask.registry.retention;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The runs that a purge has still to deal with. Processes share them out by leases and by rows that
 * another one has locked being skipped; all times are the database's. The caller owns the
 * transaction.
 */
@Component
class PurgeQueue {
  private final JdbcTemplate jdbc;

  PurgeQueue(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds runs; those that are being purged already are left to that purge. */
  int add(long purge, Collection<Long> uids) {
    return jdbc.update(
        "INSERT INTO purge_runs (purge_uid, run_uid) SELECT ?, uid FROM runs"
            + " WHERE uid = ANY (?) AND lifecycle <> 'purging' ON CONFLICT DO NOTHING",
        purge,
        uids.toArray(Long[]::new));
  }

  /** Adds what is visible of an experiment. */
  int addExperiment(long purge, String teamId, long experiment) {
    return jdbc.update(
        "INSERT INTO purge_runs (purge_uid, run_uid) SELECT ?, uid FROM runs WHERE team_id = ?"
            + " AND experiment_number = ? AND lifecycle <> 'purging' ON CONFLICT DO NOTHING",
        purge,
        teamId,
        experiment);
  }

  /**
   * Hides the next runs.
   *
   * @return how many rows were dealt with, and how many of them another purge had taken
   */
  Hidden hide(long purge, int most) {
    List<Long> chosen =
        jdbc.query(
            "SELECT run_uid FROM purge_runs WHERE purge_uid = ? AND hidden_from IS NULL"
                + " ORDER BY run_uid LIMIT ? FOR UPDATE SKIP LOCKED",
            (row, n) -> row.getLong(1),
            purge,
            most);
    if (chosen.isEmpty()) {
      return new Hidden(0, 0);
    }
    Map<Long, String> lifecycles = new TreeMap<>();
    // In order, so that two of these wait for each other instead of deadlocking.
    jdbc.query(
        "SELECT uid, lifecycle FROM runs WHERE uid = ANY (?) AND lifecycle <> 'purging'"
            + " ORDER BY uid FOR NO KEY UPDATE",
        row -> {
          lifecycles.put(row.getLong(1), row.getString(2));
        },
        (Object) chosen.toArray(Long[]::new));
    Long[] visible = lifecycles.keySet().toArray(Long[]::new);
    jdbc.update("UPDATE runs SET lifecycle = 'purging' WHERE uid = ANY (?)", (Object) visible);
    jdbc.update(
        "UPDATE purge_runs q SET hidden_from = v.lifecycle"
            + " FROM unnest(?, ?) AS v (uid, lifecycle)"
            + " WHERE q.purge_uid = ? AND q.run_uid = v.uid",
        visible,
        lifecycles.values().toArray(String[]::new),
        purge);
    Set<Long> others = new HashSet<>(chosen);
    others.removeAll(lifecycles.keySet());
    return new Hidden(chosen.size(), drop(purge, others));
  }

  /**
   * @param seen rows dealt with
   * @param lost runs that went to another purge
   */
  record Hidden(int seen, int lost) {}

  boolean allHidden(long purge) {
    return none("purge_uid = ? AND hidden_from IS NULL", purge);
  }

  boolean nothingLeft(long purge) {
    return none("purge_uid = ?", purge);
  }

  private boolean none(String condition, long purge) {
    return !Boolean.TRUE.equals(
        jdbc.queryForObject(
            "SELECT EXISTS (SELECT 1 FROM purge_runs WHERE " + condition + ")",
            Boolean.class,
            purge));
  }

  /**
   * Takes hidden runs that nobody works on, for as long as the lease.
   *
   * @param begunOnly only such as a process that died had taken before
   */
  List<Long> lease(long purge, String owner, Duration lease, int most, boolean begunOnly) {
    String free =
        begunOnly ? "lease_until < now()" : "(lease_until < now() OR lease_owner IS NULL)";
    return jdbc.query(
        "UPDATE purge_runs SET lease_owner = ?, lease_until = now() + ? * interval '1 ms'"
            + " WHERE purge_uid = ? AND run_uid = ANY (ARRAY (SELECT run_uid FROM purge_runs"
            + " WHERE purge_uid = ? AND hidden_from IS NOT NULL AND "
            + free
            + " ORDER BY run_uid LIMIT ? FOR UPDATE SKIP LOCKED)) RETURNING run_uid",
        (row, n) -> row.getLong(1),
        owner,
        lease.toMillis(),
        purge,
        purge,
        most);
  }

  /**
   * @return false when the lease of one of them was lost
   */
  boolean renew(long purge, String owner, Duration lease, List<Long> uids) {
    return jdbc.update(
            "UPDATE purge_runs SET lease_until = now() + ? * interval '1 ms'"
                + " WHERE purge_uid = ? AND run_uid = ANY (?) AND lease_owner = ?",
            lease.toMillis(),
            purge,
            uids.toArray(Long[]::new),
            owner)
        == uids.size();
  }

  /** Forgets runs that are dealt with. */
  int drop(long purge, Collection<Long> uids) {
    return uids.isEmpty()
        ? 0
        : jdbc.update(
            "DELETE FROM purge_runs WHERE purge_uid = ? AND run_uid = ANY (?)",
            purge,
            uids.toArray(Long[]::new));
  }

  /**
   * Makes the next runs visible again, as they were, unless their removal has begun.
   *
   * @return how many rows were dealt with
   */
  int restore(long purge, int most) {
    List<Long> uids =
        jdbc.query(
            "SELECT run_uid FROM purge_runs WHERE purge_uid = ? AND lease_owner IS NULL"
                + " ORDER BY run_uid LIMIT ? FOR UPDATE SKIP LOCKED",
            (row, n) -> row.getLong(1),
            purge,
            most);
    jdbc.update(
        "UPDATE runs r SET lifecycle = q.hidden_from FROM purge_runs q WHERE q.purge_uid = ?"
            + " AND q.run_uid = ANY (?) AND r.uid = q.run_uid AND q.hidden_from IS NOT NULL",
        purge,
        uids.toArray(Long[]::new));
    return drop(purge, uids);
  }
}
