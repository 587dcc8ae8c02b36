package dev.unmask.registry.imports;

import dev.unmask.registry.api.ImportsApi.ImportState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An import as it is stored.
 *
 * @param experiments names; empty for all
 * @param attempts how often it was taken up since something was last brought
 */
record Import(
    String id,
    String teamId,
    String url,
    byte @Nullable [] credentials,
    List<String> experiments,
    boolean artifacts,
    boolean models,
    ImportState state,
    @Nullable String error,
    int attempts,
    String createdBy,
    Instant createdAt,
    @Nullable Instant endedAt) {}
