package dev.unmask.registry.artifact;

/**
 * One entry of a folder.
 *
 * @param path relative to its owner's root
 * @param size in bytes, 0 for folders
 */
public record ArtifactListing(String path, boolean folder, long size) {}
