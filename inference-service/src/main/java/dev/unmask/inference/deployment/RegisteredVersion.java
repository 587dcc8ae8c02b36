package dev.unmask.inference.deployment;

import java.util.List;

/**
 * An immutable version in the registry.
 *
 * @param digest {@code sha256:...} over the manifest
 */
public record RegisteredVersion(String name, int version, String digest, List<ModelFile> files) {
  public RegisteredVersion {
    files = List.copyOf(files);
  }
}
