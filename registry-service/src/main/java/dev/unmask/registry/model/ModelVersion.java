package dev.unmask.registry.model;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of files with what is said about it.
 *
 * @param runId the run it was made by, if any
 * @param modelId the logged model that its files are of, if any
 * @param source as the caller named it, {@code sourceUri} as it was resolved
 * @param digest of the manifest
 * @param createdAt milliseconds since the epoch, as {@code updatedAt}
 */
public record ModelVersion(
    long uid,
    String model,
    int version,
    @Nullable String runId,
    @Nullable String modelId,
    String source,
    String sourceUri,
    @Nullable String runLink,
    @Nullable String description,
    String userId,
    Stage stage,
    String digest,
    long createdAt,
    long updatedAt,
    List<String> aliases,
    SortedMap<String, String> tags) {}
