package dev.unmask.inference.deployment;

import java.io.InputStream;

/** What deployments need from the registry. */
interface RegistryModels {

  /**
   * @throws dev.unmask.support.error.UnmaskException with MODEL_NOT_FOUND, MODEL_VERSION_NOT_FOUND
   *     or MODEL_ALIAS_NOT_FOUND, naming it; with REGISTRY_UNAVAILABLE when it does not answer
   */
  RegisteredVersion resolve(String team, ModelReference reference);

  /**
   * Hands over one file's bytes.
   *
   * @throws dev.unmask.support.error.UnmaskException with REGISTRY_UNAVAILABLE when the registry
   *     does not answer, or breaks off
   */
  void download(String team, RegisteredVersion version, String path, Sink sink);

  /** Takes a file's bytes; the stream is closed by the caller. */
  @FunctionalInterface
  interface Sink {
    void accept(InputStream bytes) throws java.io.IOException;
  }
}
