package dev.unmask.registry.artifact;

/**
 * Stored bytes.
 *
 * @param sha256 of the content, lower-case hex
 * @param size in bytes
 */
public record Blob(String sha256, long size) {}
