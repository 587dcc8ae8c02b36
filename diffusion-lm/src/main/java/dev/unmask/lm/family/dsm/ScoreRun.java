package dev.unmask.lm.family.dsm;

import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.checkpoint.TrainingState;
import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.trainer.StepReport;
import dev.unmask.lm.trainer.TrainingDivergedException;
import dev.unmask.lm.trainer.TrainingPosition;
import dev.unmask.lm.trainer.TrainingRun;
import dev.unmask.lm.trainer.ValidationReport;
import java.nio.file.Path;

/** A score network's training over packed sequences: phases differ in nothing but their length. */
final class ScoreRun implements TrainingRun {
  private static final long VALIDATION_SEED = 20_240_917;

  private final MethodPlan plan;
  private final String fingerprint;
  private final PackedSequences training;
  private final ScoreTrainer trainer;

  /**
   * @param fingerprint changes whenever the plan does
   * @param trainer closed with the run
   */
  ScoreRun(MethodPlan plan, String fingerprint, PackedSequences training, ScoreTrainer trainer) {
    this.plan = plan;
    this.fingerprint = fingerprint;
    this.training = training;
    this.trainer = trainer;
  }

  @Override
  public TrainingPosition position() {
    long tokens = trainer.steps() * plan.batchSize() * training.length();
    return new TrainingPosition(phaseOf(trainer.steps()), trainer.steps(), tokens);
  }

  private int phaseOf(long step) {
    long end = 0;
    int last = plan.phases().size() - 1;
    for (int phase = 0; phase < last; phase++) {
      end += plan.phases().get(phase).optimizerSteps();
      if (step < end) {
        return phase;
      }
    }
    return last;
  }

  @Override
  public boolean finished() {
    return trainer.steps() >= plan.optimizerSteps();
  }

  @Override
  public Precision precision() {
    return Precision.F32;
  }

  @Override
  public StepReport step() {
    if (finished()) {
      throw new IllegalStateException("the plan's " + trainer.steps() + " steps are done");
    }
    long start = System.nanoTime();
    int phase = phaseOf(trainer.steps());
    ScoreTrainer.Step step =
        trainer.step(training.batch(trainer.steps(), plan.batchSize(), plan.seed()));
    double loss = step.loss().total();
    if (!Double.isFinite(loss) || !Double.isFinite(step.gradientNorm())) {
      throw new TrainingDivergedException(trainer.steps(), loss, step.gradientNorm());
    }
    return new StepReport(
        trainer.steps(),
        phase,
        loss,
        step.gradientNorm(),
        step.learningRate(),
        plan.batchSize() * training.length(),
        (System.nanoTime() - start) / 1e6);
  }

  @Override
  public void checkpoint(Path directory) {
    SafetensorsWriter file = new SafetensorsWriter();
    long updates = trainer.write(file);
    new TrainingState(
            fingerprint, precision().name(), trainer.steps(), position().tokensSeen(), updates)
        .write(directory, file);
  }

  /**
   * Cross-entropy of rounding noisy embeddings to tokens, in nats per token: it falls as the
   * network learns, but it is no bound of the likelihood and no perplexity follows from it.
   */
  @Override
  public ValidationReport validate(PackedSequences validation, int maxSequences) {
    int count = Math.min(maxSequences, validation.count());
    double nats = 0;
    for (int from = 0; from < count; from += plan.batchSize()) {
      int[][] clean = new int[Math.min(plan.batchSize(), count - from)][];
      for (int i = 0; i < clean.length; i++) {
        clean[i] = validation.sequence(from + i);
      }
      nats += clean.length * trainer.validate(clean, VALIDATION_SEED + from).rounding();
    }
    long tokens = (long) count * validation.length();
    return new ValidationReport("rounding cross-entropy", nats / count, count, tokens, false);
  }

  @Override
  public void exportModel(Path directory, Tokenizer tokenizer) {
    trainer.exportModel(directory, tokenizer);
  }

  @Override
  public void close() {
    trainer.close();
  }
}
