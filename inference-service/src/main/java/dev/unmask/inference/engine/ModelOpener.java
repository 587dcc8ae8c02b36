package dev.unmask.inference.engine;

import dev.unmask.inference.api.DeploymentPrecision;
import java.nio.file.Path;

/** Reads a model directory into memory; engine thread only. */
@FunctionalInterface
public interface ModelOpener {
  /**
   * @param directory holds {@code config.json}, {@code tokenizer.json} and the weights
   * @throws IllegalArgumentException when a file is damaged or does not fit the others
   */
  LanguageModel open(Path directory, DeploymentPrecision precision);
}
