package dev.unmask.lm.trainer;

import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import java.nio.file.Path;

/** Training in progress, whatever network learns. Engine thread only. */
public interface TrainingRun extends AutoCloseable {
  TrainingPosition position();

  boolean finished();

  /** Number type of the matrix products; what {@code AUTO} picked. */
  Precision precision();

  /**
   * Runs one optimizer step.
   *
   * @throws IllegalStateException if the run is finished
   * @throws TrainingDivergedException if the loss is no longer a number
   */
  StepReport step();

  /** Writes everything that going on needs, replacing an earlier checkpoint in one move. */
  void checkpoint(Path directory);

  /**
   * Scores the averaged weights under the objective of the last completed step.
   *
   * @param maxSequences at most so many, from the first on
   */
  ValidationReport validate(PackedSequences validation, int maxSequences);

  /**
   * Writes the averaged weights as a model directory, of the family that decodes as the last phase
   * trains.
   */
  void exportModel(Path directory, Tokenizer tokenizer);

  @Override
  void close();
}
