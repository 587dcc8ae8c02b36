package dev.unmask.registry.model;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * @param source where the files are: {@code runs:/<run id>/<folder>}, {@code models:/<logged model
 *     id>}, {@code models:/<name>/<version>}, or the address of a folder of either's artifacts
 * @param modelId the logged model that they are of; null where the source says it, or none is
 */
public record NewVersion(
    String model,
    String source,
    @Nullable String runId,
    @Nullable String modelId,
    @Nullable String runLink,
    @Nullable String description,
    String userId,
    SortedMap<String, String> tags) {}
