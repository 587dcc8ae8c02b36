package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionCalibration.Use;
import dev.unmask.lm.torch.PrecisionChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
            TrainingCell.Network.OWN,
            LAYERS,
            WIDTH,
            HEADS,
            FEED_FORWARD,
            options.quick() ? QUICK_STEPS : STEPS,
            BATCH,
            LEARNING_RATE,
            AVERAGE_DECAY,
            1,
            precision(work.resolve("precision.txt")),
            options.quick() ? BATCH : VALIDATED,
            options.quick() ? 1 : DRAWS,
            text.digest());
    int cores = Runtime.getRuntime().availableProcessors();
    return new Experiment(text, new TrainedCells(options.text(), work, name, cores), cell);
  }

  /**
   * The number type of every cell: measured once and kept, because a sweep that was cut off must go
   * on in the same one.
   */
  private static PrecisionChoice precision(Path kept) {
    try {
      if (Files.exists(kept)) {
        return PrecisionChoice.valueOf(Files.readString(kept).strip());
      }
      BackboneConfig network =
          BackboneConfig.llama(
              CharacterText.CHARACTERS.vocabularySize() + 1,
              LAYERS,
              WIDTH,
              HEADS,
              FEED_FORWARD,
              CharacterText.LENGTH,
              0);
      String found =
          PrecisionCalibration.of(
                  BackboneLoader.products(network, BATCH * CharacterText.LENGTH), Use.TRAINING)
              .fastest()
              .name();
      Files.writeString(kept, found + "\n");
      return PrecisionChoice.valueOf(found);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
