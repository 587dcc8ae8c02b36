package dev.unmask.inference.deployment;

/**
 * One file of a registered version, as its manifest lists it.
 *
 * @param path within the model; a name only, never a path on this machine
 * @param size bytes
 * @param sha256 lower-case hexadecimal
 */
public record ModelFile(String path, long size, String sha256) {}
