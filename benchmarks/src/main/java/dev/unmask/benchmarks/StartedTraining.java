package dev.unmask.benchmarks;

import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.MethodChoice;
import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.family.MethodPlan.Phase;
import dev.unmask.lm.family.MethodPlan.Start;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.optimizer.OptimizerSettings.Decay;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.StepReport;
import dev.unmask.lm.trainer.TrainingRun;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Training on characters from fresh weights or those of an earlier model: nanoGPT's optimizer, a
 * cosine over the run's own length.
 *
 * @param start what it begins with
 * @param batch rows an optimizer step
 */
record StartedTraining(Start start, int batch, long seed, PrecisionChoice precision) {
  private static final Logger log = LoggerFactory.getLogger(StartedTraining.class);
  private static final int STEPS_A_LOG_LINE = 500;
  private static final OptimizerSettings OPTIMIZER =
      new OptimizerSettings(1e-3, 0.9, 0.99, 1e-8, 0.1, 1, 100, Decay.COSINE, 0.99);

  /**
   * @param block tokens denoised together; 0 for a method without blocks
   * @param steps optimizer steps
   */
  MethodPlan plan(String method, int block, int steps) {
    TrainingMethod trained = Families.method(method);
    MethodChoice choice = trained.options().defaults();
    Phase phase = new Phase(trained, block == 0 ? choice : choice.withBlockSize(block), steps);
    return new MethodPlan(
        List.of(phase), start, CharacterText.CHARACTERS, OPTIMIZER, batch, seed, precision);
  }

  /** Trains to the end of a plan and writes the model. */
  static void train(MethodPlan plan, PackedSequences training, Path directory) {
    try (TrainingRun run = plan.open(training, null)) {
      while (!run.finished()) {
        step(run, plan);
      }
      run.exportModel(directory, CharacterText.CHARACTERS);
    }
  }

  static void step(TrainingRun run, MethodPlan plan) {
    StepReport step = run.step();
    if (step.step() % STEPS_A_LOG_LINE == 0) {
      log.info(
          "{}: step {} of {}, {} nats, {} ms",
          plan.phases().getFirst().method().name(),
          step.step(),
          plan.optimizerSteps(),
          step.loss(),
          step.milliseconds());
    }
  }
}
