package dev.unmask.registry.run;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * @param name null where the tags name the run or a name shall be made up
 * @param startTime milliseconds since the epoch; now where null
 */
public record NewRun(
    long experiment,
    @Nullable String name,
    @Nullable String userId,
    @Nullable Long startTime,
    SortedMap<String, String> tags) {}
