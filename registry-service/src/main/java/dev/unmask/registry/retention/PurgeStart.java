package dev.unmask.registry.retention;

import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.experiment.ExperimentService;
import dev.unmask.registry.retention.PurgedRuns.ByFilter;
import dev.unmask.registry.retention.PurgedRuns.ById;
import dev.unmask.registry.run.RunSelection;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Fixes what a purge is about: the runs that are there now, not those that will be there when their
 * turn comes. All of it is read from one state of the database, and nothing that anybody writes to
 * is locked.
 */
@Component
class PurgeStart {
  private final PurgeTable purges;
  private final PurgeQueue queue;
  private final PurgedExperiments hidden;
  private final Sources sources;
  private final AuditLog audit;
  private final TransactionTemplate latest;
  private final TransactionTemplate oneState;

  /** Where it finds runs and experiments. */
  @Component
  record Sources(RunSelection selection, ExperimentService experiments, JdbcTemplate jdbc) {}

  PurgeStart(
      PurgeTable purges,
      PurgeQueue queue,
      PurgedExperiments hidden,
      Sources sources,
      AuditLog audit,
      PlatformTransactionManager transactions) {
    this.purges = purges;
    this.queue = queue;
    this.hidden = hidden;
    this.sources = sources;
    this.audit = audit;
    this.latest = new TransactionTemplate(transactions);
    this.oneState = new TransactionTemplate(transactions);
    oneState.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
  }

  /** Hides the experiment itself at once, because its name shall be free. */
  Purge experiment(Caller caller, long number) {
    return in(
        latest,
        () -> {
          PurgedExperiments.Hidden experiment = hidden.hide(caller.teamId(), number);
          Purge purge = purges.add(caller, number, experiment.lifecycle());
          int found = queue.addExperiment(purge.uid(), caller.teamId(), number);
          purges.countFound(purge.uid(), found);
          audit.record(
              caller,
              "experiment.purge",
              Long.toString(number),
              "'" + experiment.name() + "' with " + found + " runs, purge " + purge.id());
          return purge;
        });
  }

  Purge runs(Caller caller, PurgedRuns which) {
    return in(
        oneState,
        () -> {
          Purge purge = purges.add(caller, null, null);
          int found =
              switch (which) {
                case ById ids -> add(purge, ids);
                case ByFilter filter -> add(purge, filter);
              };
          purges.countFound(purge.uid(), found);
          audit.record(caller, "runs.purge", purge.id(), found + " runs: " + which.description());
          return purge;
        });
  }

  private int add(Purge purge, ById ids) {
    List<Long> uids = new ArrayList<>();
    Set<String> missing = new HashSet<>(ids.runIds());
    sources
        .jdbc()
        .query(
            "SELECT uid, run_id FROM runs WHERE team_id = ? AND run_id = ANY (?)"
                + " AND lifecycle <> 'purging'",
            row -> {
              uids.add(row.getLong(1));
              missing.remove(row.getString(2));
            },
            purge.teamId(),
            ids.runIds().toArray(String[]::new));
    ids.runIds().stream()
        .filter(missing::contains)
        .findFirst()
        .ifPresent(
            id -> {
              throw new UnmaskException(
                  ErrorCode.RUN_NOT_FOUND, "Run with id=" + id + " not found: nothing is purged");
            });
    return queue.add(purge.uid(), uids);
  }

  private int add(Purge purge, ByFilter which) {
    which.experiments().forEach(number -> sources.experiments().get(purge.teamId(), number));
    int[] found = {0};
    sources
        .selection()
        .forEachPage(
            purge.teamId(),
            which.experiments(),
            which.filter(),
            which.view(),
            uids -> found[0] += queue.add(purge.uid(), uids));
    return found[0];
  }

  private static Purge in(TransactionTemplate transaction, Supplier<Purge> work) {
    return Objects.requireNonNull(transaction.execute(status -> work.get()));
  }
}
