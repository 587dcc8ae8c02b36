package dev.unmask.registry.artifact;

/**
 * A named file of a run or a logged model.
 *
 * @param path relative to its owner's root
 */
public record Artifact(String path, Blob blob) {}
