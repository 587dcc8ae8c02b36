package dev.unmask.training.pipeline;

import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.trainer.StepReport;
import dev.unmask.lm.trainer.Trainer;
import java.nio.file.Path;
import java.util.Locale;

/** One trainer of the library in use. */
final class LibrarySession implements TrainingSession {
  private final Trainer trainer;
  private final Tokenizer tokenizer;
  private final PackedSequences validation;
  private final LibraryEngine.Facts facts;

  LibrarySession(
      Trainer trainer, Tokenizer tokenizer, PackedSequences validation, LibraryEngine.Facts facts) {
    this.trainer = trainer;
    this.tokenizer = tokenizer;
    this.validation = validation;
    this.facts = facts;
  }

  @Override
  public long optimizerStep() {
    return trainer.position().optimizerStep();
  }

  @Override
  public int phase() {
    return trainer.position().phase();
  }

  @Override
  public boolean finished() {
    return trainer.finished();
  }

  @Override
  public Outcome step() {
    StepReport report = trainer.step();
    return new Outcome(
        report.step(),
        report.phase(),
        report.loss(),
        report.gradientNorm(),
        report.learningRate(),
        report.tokens(),
        report.milliseconds());
  }

  @Override
  public void checkpoint(Path directory) {
    trainer.checkpoint(directory);
  }

  /** Nats per token become bits per byte by the tokens that a byte of validation text takes. */
  @Override
  public Validation validate(int maxSequences) {
    double nats = trainer.validate(validation, maxSequences).natsPerToken();
    double tokensPerByte = (double) facts.validationTokens() / facts.validationBytes();
    return new Validation(nats, nats * tokensPerByte / Math.log(2));
  }

  @Override
  public void export(Path directory) {
    trainer.exportModel(directory, tokenizer);
  }

  @Override
  public String precision() {
    return trainer.precision().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    trainer.close();
  }
}
