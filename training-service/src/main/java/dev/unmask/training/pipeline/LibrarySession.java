package dev.unmask.training.pipeline;

import dev.unmask.lm.chat.ChatTemplate;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.trainer.StepReport;
import dev.unmask.lm.trainer.TrainingRun;
import dev.unmask.lm.trainer.ValidationReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.util.FileSystemUtils;

/** One training run of the library in use. */
final class LibrarySession implements TrainingSession {
  private final TrainingRun run;
  private final Tokenizer tokenizer;
  private final PackedSequences validation;
  private final LibraryEngine.Facts facts;
  private final JobDirectory files;
  private final long seed;

  LibrarySession(
      TrainingRun run,
      Tokenizer tokenizer,
      PackedSequences validation,
      LibraryEngine.Facts facts,
      JobDirectory files,
      long seed) {
    this.run = run;
    this.tokenizer = tokenizer;
    this.validation = validation;
    this.facts = facts;
    this.files = files;
    this.seed = seed;
  }

  @Override
  public long optimizerStep() {
    return run.position().optimizerStep();
  }

  @Override
  public int phase() {
    return run.position().phase();
  }

  @Override
  public boolean finished() {
    return run.finished();
  }

  @Override
  public Outcome step() {
    StepReport report = run.step();
    return new Outcome(
        report.step(),
        report.phase(),
        report.loss(),
        report.gradientNorm(),
        report.learningRate(),
        report.tokens(),
        report.milliseconds(),
        report.measures());
  }

  @Override
  public void checkpoint(Path directory) {
    run.checkpoint(directory);
  }

  /** Nats per token become bits per byte by the tokens that a byte of validation text takes. */
  @Override
  public Validation validate(int maxSequences) {
    ValidationReport report = run.validate(validation, maxSequences);
    double nats = report.natsPerToken();
    double tokensPerByte = (double) facts.validationTokens() / facts.validationBytes();
    return new Validation(nats, nats * tokensPerByte / Math.log(2), report.byMaskRatio());
  }

  /** By way of a model directory, as every family opens one; it is gone afterwards. */
  @Override
  public List<TextSample> samples(int count, Duration longest) {
    Path directory = files.sampled();
    try {
      FileSystemUtils.deleteRecursively(directory);
      export(Files.createDirectories(directory));
      return new TextSampler(validation, seed).write(directory, count, longest);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } finally {
      FileSystemUtils.deleteRecursively(directory.toFile());
    }
  }

  @Override
  public void export(Path directory) {
    run.exportModel(directory, tokenizer);
    ChatTemplate.copy(files.base(), directory);
  }

  @Override
  public int examplesLeftOut() {
    return facts.leftOut();
  }

  @Override
  public String precision() {
    return run.precision().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    run.close();
  }
}
