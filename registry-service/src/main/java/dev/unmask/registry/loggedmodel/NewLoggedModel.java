package dev.unmask.registry.loggedmodel;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * @param name null where one shall be made up
 * @param sourceRunId the run that makes it, if any
 * @param userId who logs it
 */
public record NewLoggedModel(
    long experiment,
    @Nullable String name,
    @Nullable String modelType,
    @Nullable String sourceRunId,
    String userId,
    SortedMap<String, String> params,
    SortedMap<String, String> tags) {}
