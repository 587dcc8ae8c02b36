package dev.unmask.registry.retention;

import dev.unmask.registry.retention.Purge.State;
import dev.unmask.registry.retention.PurgeQueue.Hidden;
import dev.unmask.registry.retention.Removal.Slice;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes purges forward, one short transaction at a time. Every step may be the last one before the
 * process dies: what is committed says all that another one needs to go on.
 */
@Component
class PurgeWork {
  /** Runs that are hidden or made visible in one transaction: a thousand rows of one table. */
  private static final int HIDDEN_AT_ONCE = 1_000;

  /** Logged models that are removed in one transaction, with their files' names. */
  private static final int MODELS_AT_ONCE = 100;

  private final PurgeTable purges;
  private final PurgeQueue queue;
  private final PurgedExperiments experiments;
  private final Removal removal;
  private final TransactionTemplate transaction;
  private final RetentionProperties properties;
  private final String owner = UUID.randomUUID().toString();

  PurgeWork(
      PurgeTable purges,
      PurgeQueue queue,
      PurgedExperiments experiments,
      Removal removal,
      TransactionTemplate transaction,
      RetentionProperties properties) {
    this.purges = purges;
    this.queue = queue;
    this.experiments = experiments;
    this.removal = removal;
    this.transaction = transaction;
    this.properties = properties;
  }

  /**
   * Does a little of the oldest purge on which something can be done.
   *
   * @return false when there is none
   */
  boolean step() {
    for (Purge purge : purges.open()) {
      if (advance(purge)) {
        return true;
      }
    }
    return false;
  }

  private boolean advance(Purge purge) {
    return switch (purge.state()) {
      case HIDING -> hide(purge);
      case REMOVING -> remove(purge, false) || end(purge);
      case CANCELLING -> restore(purge) || remove(purge, true) || cancelled(purge);
      case DONE, CANCELLED -> false;
    };
  }

  /**
   * Hides some of its runs, or begins to remove them when all are hidden.
   *
   * @return false when there is nothing to do, or another process does it
   */
  boolean hide(Purge purge) {
    return inTransaction(
        () -> {
          Hidden hidden = queue.hide(purge.uid(), HIDDEN_AT_ONCE);
          if (hidden.lost() > 0) {
            purges.countFound(purge.uid(), -hidden.lost());
          }
          if (hidden.seen() > 0) {
            return true;
          }
          if (!queue.allHidden(purge.uid()) || !purges.hold(purge.uid(), State.HIDING)) {
            return false;
          }
          purges.enter(purge.uid(), State.REMOVING);
          return true;
        });
  }

  /** Makes some of its runs visible again. */
  boolean restore(Purge purge) {
    return inTransaction(
        () -> {
          int restored = queue.restore(purge.uid(), HIDDEN_AT_ONCE);
          if (restored > 0) {
            purges.countRestored(purge.uid(), restored);
          }
          return restored > 0;
        });
  }

  private boolean remove(Purge purge, boolean begunOnly) {
    List<Long> leased = lease(purge, begunOnly);
    if (leased.isEmpty()) {
      return false;
    }
    while (removePoints(purge, leased)) {
      // the next slice, in a transaction of its own
    }
    removeRuns(purge, leased);
    return true;
  }

  /** Takes the next runs; from here on they can only be removed. */
  List<Long> lease(Purge purge, boolean begunOnly) {
    return Objects.requireNonNull(
        transaction.execute(
            status ->
                queue.lease(
                    purge.uid(), owner, properties.lease(), properties.chunkRuns(), begunOnly)));
  }

  /**
   * Removes some of the points of leased runs.
   *
   * @return whether there may be more
   */
  boolean removePoints(Purge purge, List<Long> leased) {
    return inTransaction(
        () -> {
          if (!queue.renew(purge.uid(), owner, properties.lease(), leased)) {
            return false;
          }
          Slice removed = removal.removePoints(leased, properties.chunkPoints());
          if (removed.points() > 0) {
            purges.countPoints(purge.uid(), removed.points());
          }
          return removed.more();
        });
  }

  /** Removes leased runs without points; when the lease is lost, the new owner does. */
  void removeRuns(Purge purge, List<Long> leased) {
    inTransaction(
        () -> {
          if (!queue.renew(purge.uid(), owner, properties.lease(), leased)) {
            return false;
          }
          removal.removeRuns(leased);
          purges.countRemoved(purge.uid(), queue.drop(purge.uid(), leased));
          return true;
        });
  }

  /**
   * Removes the experiment and, step by step, its logged models before; unless runs have turned up
   * in it that were being created before.
   */
  private boolean end(Purge purge) {
    return inTransaction(
        () -> {
          if (!purges.hold(purge.uid(), State.REMOVING) || !queue.nothingLeft(purge.uid())) {
            return false;
          }
          Long experiment = purge.experiment();
          if (experiment != null) {
            int late = queue.addExperiment(purge.uid(), purge.teamId(), experiment);
            if (late > 0) {
              purges.countFound(purge.uid(), late);
              purges.enter(purge.uid(), State.HIDING);
              return true;
            }
            var empty = experiments.lockEmpty(purge.teamId(), experiment);
            if (empty.isEmpty()) {
              return false;
            }
            if (removal.removeLoggedModels(purge.teamId(), experiment, MODELS_AT_ONCE)) {
              return true;
            }
            removal.removeExperiment(empty.get());
          }
          purges.enter(purge.uid(), State.DONE);
          return true;
        });
  }

  private boolean cancelled(Purge purge) {
    return inTransaction(
        () -> {
          if (!queue.nothingLeft(purge.uid()) || !purges.hold(purge.uid(), State.CANCELLING)) {
            return false;
          }
          purges.enter(purge.uid(), State.CANCELLED);
          return true;
        });
  }

  private boolean inTransaction(BooleanSupplier work) {
    return Boolean.TRUE.equals(transaction.execute(status -> work.getAsBoolean()));
  }
}
