package dev.unmask.registry.artifact;

/** Whose an artifact is, by the id that callers use. */
public sealed interface ArtifactOwner {
  record OfRun(String runId) implements ArtifactOwner {}

  record OfLoggedModel(String modelId) implements ArtifactOwner {}
}
