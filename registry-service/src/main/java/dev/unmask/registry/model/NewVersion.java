package dev.unmask.registry.model;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * @param source where the files are: {@code runs:/<run id>/<folder>}, {@code
 *     mlflow-artifacts:/<experiment>/<run id>/artifacts/<folder>}, {@code models:/<name>/<version>}
 */
public record NewVersion(
    String model,
    String source,
    @Nullable String runId,
    @Nullable String runLink,
    @Nullable String description,
    String userId,
    SortedMap<String, String> tags) {}
