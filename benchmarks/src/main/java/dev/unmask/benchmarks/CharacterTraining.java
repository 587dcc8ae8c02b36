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
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.trainer.StepReport;
import dev.unmask.lm.trainer.TrainingRun;
import dev.unmask.lm.trainer.ValidationReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Training on characters, the same way whatever the method. */
final class CharacterTraining {

  private static final Logger log = LoggerFactory.getLogger(CharacterTraining.class);
  private static final int STEPS_A_LOG_LINE = 2_000;

  private CharacterTraining() {}

  /**
   * Trains a cell to its end and validates.
   *
   * @param model directory to write the model to; null to leave it
   */
  static CellResult train(TrainingCell cell, CharacterText text, @Nullable Path model) {
    long start = System.nanoTime();
    PackedSequences validation =
        text.validation(cell.validation().rows(), cell.validation().draws());
    try (TrainingRun run = open(cell, text)) {
      List<Double> milliseconds = new ArrayList<>();
      while (!run.finished()) {
        milliseconds.add(step(run, cell).milliseconds());
      }
      ValidationReport report =
          run.validate(
              cell.shape().network() == TrainingCell.Network.NANO_GPT
                  ? NanoGpt.of(text).renumbered(validation)
                  : validation,
              validation.count());
      if (model != null) {
        run.exportModel(model, CharacterText.CHARACTERS);
      }
      Collections.sort(milliseconds);
      return new CellResult(
          report.natsPerToken(),
          report.objective(),
          report.exact(),
          (double) (System.nanoTime() - start) / TimeUnit.SECONDS.toNanos(1),
          milliseconds.get(milliseconds.size() / 2));
    }
  }

  private static TrainingRun open(TrainingCell cell, CharacterText text) {
    return switch (cell.shape().network()) {
      case OWN -> plan(cell).open(text.training(), null);
      case NANO_GPT -> NanoGpt.of(text).open(cell, optimizer(cell), text.training());
    };
  }

  private static StepReport step(TrainingRun run, TrainingCell cell) {
    StepReport step = run.step();
    if (step.step() % STEPS_A_LOG_LINE == 0) {
      log.info("{}: step {}, {} nats", cell.description(), step.step(), step.loss());
    }
    return step;
  }

  static MethodPlan plan(TrainingCell cell) {
    TrainingMethod method = Families.method(cell.method());
    return new MethodPlan(
        List.of(new Phase(method, choice(method, cell), cell.budget().steps())),
        new Start.Fresh(size(cell)),
        CharacterText.CHARACTERS,
        optimizer(cell),
        cell.budget().batch(),
        cell.seed(),
        cell.precision());
  }

  private static MethodChoice choice(TrainingMethod method, TrainingCell cell) {
    MethodChoice usual = method.options().defaults();
    MethodChoice sized = cell.blockSize() == 0 ? usual : usual.withBlockSize(cell.blockSize());
    return cell.schedule() == null ? sized : sized.withSchedule(cell.schedule());
  }

  private static NetworkSize size(TrainingCell cell) {
    return new NetworkSize(
        CharacterText.CHARACTERS.vocabularySize(),
        cell.shape().layers(),
        cell.shape().width(),
        cell.shape().heads(),
        cell.shape().feedForward(),
        CharacterText.LENGTH);
  }

  /** nanoGPT's for characters, but for what a cell says. */
  private static OptimizerSettings optimizer(TrainingCell cell) {
    return new OptimizerSettings(
        cell.budget().learningRate(),
        0.9,
        0.99,
        1e-8,
        0.1,
        1,
        100,
        Decay.COSINE,
        cell.budget().averageDecay());
  }
}
