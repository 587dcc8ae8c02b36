package dev.unmask.registry.model;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A named line of model versions.
 *
 * @param createdAt milliseconds since the epoch, as {@code updatedAt}
 * @param aliases alias to version
 * @param latest the newest version of each stage
 */
public record RegisteredModel(
    long uid,
    String name,
    @Nullable String description,
    long createdAt,
    long updatedAt,
    SortedMap<String, String> tags,
    SortedMap<String, Integer> aliases,
    List<ModelVersion> latest) {}
