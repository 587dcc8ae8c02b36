package dev.unmask.registry.artifact;

/** Whose an artifact is, by the id that callers use. */
public sealed interface ArtifactOwner {
  record OfRun(String runId) implements ArtifactOwner {
    @Override
    public String id() {
      return runId;
    }
  }

  record OfLoggedModel(String modelId) implements ArtifactOwner {
    @Override
    public String id() {
      return modelId;
    }
  }

  String id();
}
