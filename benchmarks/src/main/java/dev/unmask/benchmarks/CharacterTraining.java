package dev.unmask.benchmarks;

import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.MethodChoice;
import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.family.MethodPlan.Phase;
import dev.unmask.lm.family.MethodPlan.Start;
import dev.unmask.lm.family.NetworkSize;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.optimizer.OptimizerSettings.Decay;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.StepReport;
import dev.unmask.lm.trainer.TrainingRun;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Training on characters, the same way whatever the method. */
final class CharacterTraining {

  private static final Logger log = LoggerFactory.getLogger(CharacterTraining.class);
  private static final OptimizerSettings OPTIMIZER =
      new OptimizerSettings(1e-3, 0.9, 0.99, 1e-8, 0.1, 1, 100, Decay.COSINE, 0.99);
  private static final int VALIDATED = 1_700;
  private static final int STEPS_A_LOG_LINE = 1_000;

  /** 4 layers, width 128: 0.8 million parameters, as nanoGPT's set-up for a CPU. */
  static final NetworkSize SIZE = size(4, 128, 4, 344);

  private CharacterTraining() {}

  static NetworkSize size(int layers, int width, int heads, int feedForward) {
    return new NetworkSize(
        CharacterText.CHARACTERS.vocabularySize(),
        layers,
        width,
        heads,
        feedForward,
        CharacterText.LENGTH);
  }

  /**
   * @param blockSize 0 for a method without blocks
   */
  static Phase phase(String method, int blockSize, int steps) {
    TrainingMethod trained = Families.method(method);
    MethodChoice choice = trained.options().defaults();
    return new Phase(trained, blockSize == 0 ? choice : choice.withBlockSize(blockSize), steps);
  }

  static MethodPlan plan(
      String method, int blockSize, NetworkSize size, int steps, int batch, long seed) {
    return plan(List.of(phase(method, blockSize, steps)), new Start.Fresh(size), batch, seed);
  }

  static MethodPlan plan(List<Phase> phases, Start start, int batch, long seed) {
    return new MethodPlan(
        phases, start, CharacterText.CHARACTERS, OPTIMIZER, batch, seed, PrecisionChoice.AUTO);
  }

  /** Trains to the end of a plan and validates: nats a character, a bound for most methods. */
  static double nats(MethodPlan plan, CharacterText text) {
    try (TrainingRun run = plan.open(text.training(), null)) {
      while (!run.finished()) {
        step(run, plan);
      }
      return validate(run, text);
    }
  }

  static void step(TrainingRun run, MethodPlan plan) {
    StepReport step = run.step();
    if (step.step() % STEPS_A_LOG_LINE == 0) {
      Phase phase = plan.phases().get(step.phase());
      log.info(
          "{} {}, seed {}: step {}, {} nats",
          phase.method().name(),
          phase.choice().blockSize(),
          plan.seed(),
          step.step(),
          step.loss());
    }
  }

  static double validate(TrainingRun run, CharacterText text) {
    return run.validate(text.validation(), VALIDATED).natsPerToken();
  }
}
