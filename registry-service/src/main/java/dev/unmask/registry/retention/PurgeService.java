package dev.unmask.registry.retention;

import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.experiment.Experiment;
import dev.unmask.registry.retention.Purge.State;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The use cases of purges. A request fixes what it is about in one transaction and then hides it in
 * short ones; should it break off in between, the background goes on.
 */
@Service
class PurgeService {
  private static final Logger log = LoggerFactory.getLogger(PurgeService.class);

  private final PurgeTable purges;
  private final PurgeStart start;
  private final PurgeWork work;
  private final PurgedExperiments experiments;
  private final AuditLog audit;
  private final TransactionTemplate transaction;

  PurgeService(
      PurgeTable purges,
      PurgeStart start,
      PurgeWork work,
      PurgedExperiments experiments,
      AuditLog audit,
      TransactionTemplate transaction) {
    this.purges = purges;
    this.start = start;
    this.work = work;
    this.experiments = experiments;
    this.audit = audit;
    this.transaction = transaction;
  }

  /**
   * @throws UnmaskException EXPERIMENT_NOT_FOUND, or INVALID_REQUEST for Default
   */
  Purge purgeExperiment(Caller caller, long number) {
    if (number == Experiment.DEFAULT) {
      throw UnmaskException.ofField(
          ErrorCode.INVALID_REQUEST,
          "experiment",
          "must not be 0: the experiment Default can't be purged, purge its runs instead");
    }
    return carriedOn(start.experiment(caller, number), work::hide);
  }

  /**
   * @throws UnmaskException RUN_NOT_FOUND or EXPERIMENT_NOT_FOUND when one of them is unknown; then
   *     nothing is purged
   */
  Purge purgeRuns(Caller caller, PurgedRuns which) {
    return carriedOn(start.runs(caller, which), work::hide);
  }

  @Transactional(readOnly = true)
  Purge get(String teamId, String id) {
    return purges.find(teamId, id).orElseThrow(() -> unknown(id));
  }

  @Transactional(readOnly = true)
  List<Purge> list(String teamId, @Nullable String after, int most) {
    long before = after == null ? Long.MAX_VALUE : get(teamId, after).uid();
    return purges.list(teamId, before, most);
  }

  /**
   * @throws UnmaskException CONFLICT when it is at its end
   */
  Purge cancel(Caller caller, String id) {
    transaction.executeWithoutResult(status -> stop(caller, id));
    return carriedOn(get(caller.teamId(), id), work::restore);
  }

  private void stop(Caller caller, String id) {
    Purge purge = get(caller.teamId(), id);
    if (purge.state() == State.CANCELLING) {
      return;
    }
    if (!purges.hold(purge.uid(), State.HIDING) && !purges.hold(purge.uid(), State.REMOVING)) {
      throw new UnmaskException(
          ErrorCode.CONFLICT, "the purge " + id + " is at its end: nothing is left to bring back");
    }
    Long experiment = purge.experiment();
    if (experiment != null) {
      experiments.restore(purge.teamId(), experiment, purges.experimentLifecycle(purge.uid()));
    }
    purges.enter(purge.uid(), State.CANCELLING);
    audit.record(
        caller, "purge.cancel", id, purge.runsRemoved() + " of " + purge.runs() + " were removed");
  }

  /** Does the quick part at once, so that the answer is true when it arrives. */
  private Purge carriedOn(Purge purge, Predicate<Purge> step) {
    try {
      while (step.test(purge)) {
        // each step is a transaction of its own
      }
    } catch (RuntimeException later) {
      log.warn("purge {} goes on in the background: {}", purge.id(), later.getMessage());
    }
    return get(purge.teamId(), purge.id());
  }

  private static UnmaskException unknown(String id) {
    return new UnmaskException(ErrorCode.PURGE_NOT_FOUND, "your team has no purge with id " + id);
  }
}
