package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.corpus.CorpusSplit;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.objective.BlockDiffusion;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.packing.Packer;
import dev.unmask.lm.tokenizer.BytePairTokenizer;
import dev.unmask.lm.tokenizer.BytePairTrainer;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.StepReport;
import dev.unmask.lm.trainer.Trainer;
import dev.unmask.lm.trainer.TrainingPhase;
import dev.unmask.lm.trainer.TrainingPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model that is decoded with. How many tokens a confidence threshold lets through depends on
 * what a model has learned, so it is trained on real text: autoregressive, then block diffusion, as
 * in the demo. Kept in the work directory.
 */
final class DecodingModel {

  private static final Logger log = LoggerFactory.getLogger(DecodingModel.class);
  private static final int VOCABULARY = 1024;
  private static final int LENGTH = 288;
  private static final int BLOCK = 8;
  private static final int BATCH = 8;
  private static final double LEARNING_RATE = 2e-3;
  private static final double AUTOREGRESSIVE_SHARE = 0.6;
  private static final double MINUTES = 4;
  private static final int STEPS_A_LOG_LINE = 100;

  private DecodingModel() {}

  /** The directory given, or that of the model trained here, now or earlier. */
  static Path directory(Options options, CorpusSplit text) {
    return options.model().orElseGet(() -> trainedFor(options, text));
  }

  private static Path trainedFor(Options options, CorpusSplit text) {
    double minutes = options.trainMinutes(MINUTES);
    String name = String.format(Locale.ROOT, "model-%s-minutes", minutes);
    Path directory = options.work().resolve(name);
    if (Files.exists(directory.resolve("tokenizer.json"))) {
      log.info("using the model in {}, trained earlier", directory);
      return directory;
    }
    log.info("training a model for {} minutes, kept in {}", minutes, directory);
    BytePairTokenizer tokenizer = BytePairTrainer.train(text.training(), VOCABULARY);
    PackedSequences packed = pack(tokenizer, text.training(), LENGTH);
    train(plan(tokenizer, packed, minutes * 60_000), packed, tokenizer, directory);
    return directory;
  }

  static PackedSequences pack(Tokenizer tokenizer, List<String> texts, int length) {
    return Packer.pack(
        texts.stream().map(tokenizer::encode).toList(), length, tokenizer.endOfText());
  }

  private static TrainingPlan plan(
      Tokenizer tokenizer, PackedSequences packed, double milliseconds) {
    TrainingPlan shape = plan(tokenizer, 1, 1);
    double plain = Trainer.measureMillisPerStep(shape, packed, 0);
    double blocks = Trainer.measureMillisPerStep(shape, packed, 1);
    return plan(
        tokenizer,
        Math.max(1, (int) (AUTOREGRESSIVE_SHARE * milliseconds / plain)),
        Math.max(1, (int) ((1 - AUTOREGRESSIVE_SHARE) * milliseconds / blocks)));
  }

  private static TrainingPlan plan(Tokenizer tokenizer, int plainSteps, int blockSteps) {
    BackboneConfig backbone =
        BackboneConfig.llama(tokenizer.maskId() + 1, 6, 192, 6, 512, LENGTH, BLOCK);
    return new TrainingPlan(
        backbone,
        List.of(
            new TrainingPhase(new Autoregressive(), plainSteps),
            new TrainingPhase(new BlockDiffusion(BLOCK), blockSteps)),
        OptimizerSettings.of(LEARNING_RATE),
        BATCH,
        20,
        PrecisionChoice.AUTO);
  }

  private static void train(
      TrainingPlan plan, PackedSequences packed, Tokenizer tokenizer, Path directory) {
    try (Trainer trainer = Trainer.start(plan, packed)) {
      while (!trainer.finished()) {
        StepReport step = trainer.step();
        if (step.step() % STEPS_A_LOG_LINE == 0) {
          log.info(
              "step {} of {}, loss {} nats/token", step.step(), plan.optimizerSteps(), step.loss());
        }
      }
      trainer.exportModel(directory, tokenizer);
    }
  }
}
