package dev.unmask.registry.model;

import org.jspecify.annotations.Nullable;

/**
 * Where a version's files come from, resolved.
 *
 * @param runId the run that made them, if known
 * @param modelId the logged model that they are of, if any
 * @param uri address of the folder of artifacts
 */
record ModelSource(
    @Nullable String runId, @Nullable String modelId, String uri, Manifest manifest) {}
