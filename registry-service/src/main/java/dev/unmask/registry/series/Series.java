package dev.unmask.registry.series;

import org.jspecify.annotations.Nullable;

/**
 * One metric of one run.
 *
 * @param id key in the database, never shown
 * @param dirtyFrom lowest step written since the last summary; null when that is current
 * @param runStart when the run started, milliseconds since the epoch
 */
record Series(long id, String runId, String key, @Nullable Long dirtyFrom, long runStart) {}
