package dev.unmask.registry.experiment;

import java.util.SortedMap;

/**
 * A named set of runs.
 *
 * @param uid key in the database, never shown
 * @param number what callers know it by; {@link #DEFAULT} is each team's own
 * @param createdAt milliseconds since the epoch, as {@code updatedAt}
 */
public record Experiment(
    long uid,
    String teamId,
    long number,
    String name,
    boolean active,
    long createdAt,
    long updatedAt,
    SortedMap<String, String> tags) {

  /** The number of every team's experiment {@code Default}, which exists from the start. */
  public static final long DEFAULT = 0;
}
