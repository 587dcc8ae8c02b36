package dev.unmask.registry.artifact;

/**
 * A named file of a run.
 *
 * @param path relative to the run's root
 */
public record Artifact(String path, Blob blob) {}
