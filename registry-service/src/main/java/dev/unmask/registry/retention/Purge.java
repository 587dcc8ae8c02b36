package dev.unmask.registry.retention;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One hard delete.
 *
 * @param uid key in the database, never shown
 * @param experiment number of the experiment that goes with its runs, null where only runs go
 * @param runs how many it is about
 * @param runsRemoved how many are gone
 * @param runsRestored how many were visible again after it was cancelled
 * @param pointsRemoved metric points that are gone
 */
record Purge(
    long uid,
    String id,
    String teamId,
    String userId,
    State state,
    @Nullable Long experiment,
    long runs,
    long runsRemoved,
    long runsRestored,
    long pointsRemoved,
    Instant requestedAt,
    @Nullable Instant endedAt) {

  /** The way of a purge; the first three are passed on to whichever process has time. */
  enum State {
    HIDING,
    REMOVING,
    CANCELLING,
    DONE,
    CANCELLED
  }
}
