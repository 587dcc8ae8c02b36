package dev.unmask.benchmarks;

import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.family.MethodPlan.Start;
import dev.unmask.lm.family.NetworkSize;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A next-token model of Java sources by characters, and the block-diffusion model that it is
 * converted to: words are spelled by many characters of which the first few decide, so that a
 * confident model has something to write in parallel. Kept in the work directory.
 *
 * @param nextToken directory of the model that judges
 * @param blocks directory of the model that writes
 */
record QualityModels(Path nextToken, Path blocks) {

  private static final Logger log = LoggerFactory.getLogger(QualityModels.class);

  /** Characters of a row. */
  static final int LENGTH = 256;

  private static final int BLOCK = 8;
  private static final int BATCH = 4;
  private static final long SEED = 1;
  private static final double NEXT_TOKEN_SHARE = 0.3;
  private static final NetworkSize SIZE =
      new NetworkSize(CharacterText.CHARACTERS.vocabularySize(), 4, 128, 4, 344, LENGTH);

  /**
   * Trains what is not in the work directory yet.
   *
   * @param minutes for both together
   */
  static QualityModels trained(Path work, PackedSequences training, double minutes) {
    Path directory = work.resolve(String.format(Locale.ROOT, "quality-%s-minutes", minutes));
    QualityModels models =
        new QualityModels(directory.resolve("next-token"), directory.resolve("blocks"));
    double milliseconds = minutes * 60_000;
    train(
        "ar",
        0,
        new Start.Fresh(SIZE),
        NEXT_TOKEN_SHARE * milliseconds,
        training,
        models.nextToken());
    train(
        "block-diffusion",
        BLOCK,
        new Start.From(models.nextToken()),
        (1 - NEXT_TOKEN_SHARE) * milliseconds,
        training,
        models.blocks());
    return models;
  }

  private static void train(
      String method,
      int block,
      Start start,
      double milliseconds,
      PackedSequences training,
      Path directory) {
    if (Files.exists(directory.resolve(ModelDirectory.TOKENIZER))) {
      log.info("using the model in {}, trained earlier", directory);
      return;
    }
    double step = plan(method, block, start, 1).measureMillisPerStep(training, 0);
    MethodPlan plan = plan(method, block, start, Math.max(1, (int) (milliseconds / step)));
    log.info("training {} for {} steps, kept in {}", method, plan.optimizerSteps(), directory);
    StartedTraining.train(plan, training, directory);
  }

  private static MethodPlan plan(String method, int block, Start start, int steps) {
    return new StartedTraining(start, BATCH, SEED, PrecisionChoice.AUTO).plan(method, block, steps);
  }
}
