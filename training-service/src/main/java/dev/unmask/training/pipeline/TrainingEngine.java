package dev.unmask.training.pipeline;

import dev.unmask.training.api.SubmitJob;
import java.nio.file.Path;
import java.util.List;

/**
 * What the Batch steps need of the library; where the life cycle of jobs is tested, a fake stands
 * in for it. Compute thread only.
 */
public interface TrainingEngine {

  /**
   * Splits the text, trains the tokenizer or takes the earlier model's, packs both parts.
   *
   * @param corpus UTF-8 text
   * @param directory receives the files, {@link JobDirectory#prepared} later
   * @throws JobFailedException when the text does not fill one sequence
   */
  void prepare(SubmitJob spec, Path corpus, JobDirectory files, Path directory);

  /** Measures an optimizer step of a phase, with weights that are thrown away. */
  double millisPerStep(SubmitJob spec, JobDirectory files, int phase);

  /** Goes on from the checkpoint if there is one, begins otherwise. */
  TrainingSession open(SubmitJob spec, List<Integer> phaseSteps, JobDirectory files);
}
