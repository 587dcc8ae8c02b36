package dev.unmask.benchmarks;

import dev.unmask.benchmarks.TrainingCell.Budget;
import dev.unmask.benchmarks.TrainingCell.Shape;
import dev.unmask.benchmarks.TrainingCell.Validation;
import dev.unmask.lm.torch.PrecisionChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What an experiment on characters begins with.
 *
 * @param cell next-token prediction by 4 layers of width 128, 0.8 million parameters as in
 *     nanoGPT's set-up for a CPU, and its budget; the cells of an experiment are made from it
 */
record Experiment(CharacterText text, TrainedCells trained, TrainingCell cell) {
  private static final int BATCH = 12;
  private static final int STEPS = 2_000;
  private static final int QUICK_STEPS = 5;
  private static final int LAYERS = 4;
  private static final int WIDTH = 128;
  private static final int HEADS = 4;
  private static final int FEED_FORWARD = 344;
  private static final double LEARNING_RATE = 1e-3;
  private static final double AVERAGE_DECAY = 0.99;
  private static final int VALIDATED = 1_700;
  private static final int DRAWS = 4;
  private static final int TIMED_STEPS = 100;
  private static final double MINIMUM_GAIN = 1.1;

  /** Opens what is kept of an experiment; a quick one keeps nothing. */
  static Experiment open(Options options, String name) {
    Path work = options.quick() ? options.work().resolve("quick") : options.work();
    try {
      if (options.quick()) {
        Files.deleteIfExists(work.resolve(name + ".jsonl"));
      }
      Files.createDirectories(work);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    CharacterText text = CharacterText.of(options.text());
    TrainingCell cell =
        new TrainingCell(
            "ar",
            0,
            null,
            new Shape(TrainingCell.Network.OWN, LAYERS, WIDTH, HEADS, FEED_FORWARD),
            new Budget(options.quick() ? QUICK_STEPS : STEPS, BATCH, LEARNING_RATE, AVERAGE_DECAY),
            1,
            PrecisionChoice.F32,
            options.quick() ? new Validation(BATCH, 1) : new Validation(VALIDATED, DRAWS),
            text.digest());
    int cores = Runtime.getRuntime().availableProcessors();
    TrainedCells trained = new TrainedCells(options.text(), work, name, cores);
    return new Experiment(
        text, trained, options.quick() ? cell : cell.in(precision(cell, trained)));
  }

  /**
   * The number type of every cell, which is not left to each: they could differ. Found by training
   * the same network in both at once, as cells are trained; these runs are kept as others are, so
   * that a sweep that was cut off goes on in the same one. bfloat16 has to win by a tenth, because
   * it rounds.
   */
  private static PrecisionChoice precision(TrainingCell cell, TrainedCells trained) {
    TrainingCell plain = cell.during(TIMED_STEPS, BATCH).in(PrecisionChoice.F32);
    TrainingCell rounded = plain.in(PrecisionChoice.BF16);
    trained.train(List.of(plain, rounded), Set.of());
    boolean faster =
        trained.of(plain).millisPerStep() > MINIMUM_GAIN * trained.of(rounded).millisPerStep();
    return faster ? PrecisionChoice.BF16 : PrecisionChoice.F32;
  }
}
