package dev.unmask.lm.trainer;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.corpus.ArchiveDocuments;
import dev.unmask.lm.corpus.Corpus;
import dev.unmask.lm.corpus.CorpusSplit;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.objective.BlockDiffusion;
import dev.unmask.lm.objective.MaskedDenoising;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.packing.Packer;
import dev.unmask.lm.tokenizer.BytePairTokenizer;
import dev.unmask.lm.tokenizer.BytePairTrainer;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Trains on the sources in some archives and prints what it costs and learns. Not a test: run its
 * main with {@code key=value} arguments and archive paths.
 */
public final class LearningExperiment {
  private final java.util.Map<String, String> options = new java.util.HashMap<>();
  private final List<Path> archives = new ArrayList<>();

  private LearningExperiment(String[] arguments) {
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      if (pair.length == 2) {
        options.put(pair[0], pair[1]);
      } else {
        archives.add(Path.of(argument));
      }
    }
  }

  public static void main(String[] arguments) {
    new LearningExperiment(arguments).run();
  }

  private int integer(String key, int fallback) {
    return Integer.parseInt(options.getOrDefault(key, Integer.toString(fallback)));
  }

  private double number(String key, double fallback) {
    return Double.parseDouble(options.getOrDefault(key, Double.toString(fallback)));
  }

  private void run() {
    List<String> texts = new ArrayList<>();
    archives.forEach(archive -> texts.addAll(ArchiveDocuments.read(archive, ".java")));
    CorpusSplit split = CorpusSplit.of(Corpus.of(texts), 0.03);
    List<String> training = split.training();
    List<String> validation = split.validation();
    long start = System.nanoTime();
    BytePairTokenizer tokenizer = BytePairTrainer.train(training, integer("vocabulary", 1024));
    int context = integer("context", 288);
    PackedSequences packed = pack(training, tokenizer, context);
    PackedSequences held = pack(validation, tokenizer, context);
    long bytes =
        validation.stream()
            .mapToLong(text -> text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
            .sum();
    double bytesPerToken = (double) bytes / held.tokens();
    System.out.printf(
        Locale.ROOT,
        "%d rows, %d held out, %.2f bytes a token, prepared in %.1f s%n",
        packed.count(),
        held.count(),
        bytesPerToken,
        (System.nanoTime() - start) / 1e9);
    TrainingPlan plan = plan(tokenizer, context);
    System.out.printf("%,d parameters%n", plan.backbone().parameterCount());
    train(plan, packed, held, bytesPerToken, tokenizer);
  }

  private TrainingPlan plan(BytePairTokenizer tokenizer, int context) {
    int block = integer("block", 4);
    int width = integer("width", 192);
    BackboneConfig backbone =
        BackboneConfig.llama(
            tokenizer.vocabularySize() + 1,
            integer("layers", 6),
            width,
            integer("heads", 4),
            integer("feedforward", 512),
            context,
            block);
    List<TrainingPhase> phases = new ArrayList<>();
    if (integer("ar", 0) > 0) {
      phases.add(new TrainingPhase(new Autoregressive(), integer("ar", 0)));
    }
    if (integer("bd", 0) > 0) {
      phases.add(
          new TrainingPhase(
              new BlockDiffusion(
                  block, BlockDiffusion.Noise.valueOf(options.getOrDefault("noise", "COUNT"))),
              integer("bd", 0)));
    }
    if (integer("radd", 0) > 0) {
      phases.add(
          new TrainingPhase(
              new MaskedDenoising(
                  MaskedDenoising.Weighting.valueOf(options.getOrDefault("weighting", "LAMBDA"))),
              integer("radd", 0)));
    }
    OptimizerSettings settings =
        new OptimizerSettings(
            number("rate", 2e-3),
            0.9,
            number("beta2", 0.95),
            1e-8,
            number("decay", 0.1),
            number("clip", 1),
            integer("warmup", 40),
            OptimizerSettings.Decay.valueOf(options.getOrDefault("schedule", "STABLE_THEN_LINEAR")),
            number("ema", 0.999));
    return new TrainingPlan(
        backbone,
        phases,
        settings,
        integer("batch", 8),
        1,
        PrecisionChoice.valueOf(options.getOrDefault("precision", "F32")));
  }

  private void train(
      TrainingPlan plan,
      PackedSequences packed,
      PackedSequences held,
      double bytesPerToken,
      BytePairTokenizer tokenizer) {
    long start = System.nanoTime();
    try (Trainer trainer = Trainer.start(plan, packed)) {
      double sum = 0;
      double millis = 0;
      double tokens = 0;
      int every = integer("every", 50);
      while (!trainer.finished()) {
        StepReport step = trainer.step();
        sum += step.loss();
        millis += step.milliseconds();
        tokens += step.tokens();
        if (step.step() <= 3) {
          System.out.printf(
              Locale.ROOT,
              "step %d %.0f ms loss %.3f%n",
              step.step(),
              step.milliseconds(),
              step.loss());
        }
        if (step.step() % every == 0) {
          System.out.printf(
              Locale.ROOT,
              "%5d phase %d loss %.3f norm %.2f rate %.5f  %.0f ms/step %.0f tokens/s  %.0f s%n",
              step.step(),
              step.phase(),
              sum / every,
              step.gradientNorm(),
              step.learningRate(),
              millis / every,
              tokens / millis * 1e3,
              (System.nanoTime() - start) / 1e9);
          sum = 0;
          millis = 0;
          tokens = 0;
        }
        boolean last = trainer.finished() || trainer.position().phase() != step.phase();
        if (last || step.step() % integer("validate", 1_000_000) == 0) {
          ValidationReport report = trainer.validate(held, integer("sequences", 64));
          System.out.printf(
              Locale.ROOT,
              "validation %s: %.4f nats a token, %.4f bits a byte after %.0f s%n",
              report.objective(),
              report.natsPerToken(),
              report.natsPerToken() / Math.log(2) / bytesPerToken,
              (System.nanoTime() - start) / 1e9);
        }
      }
      if (options.containsKey("out")) {
        trainer.exportModel(Path.of(options.get("out")), tokenizer);
      }
    }
  }

  private static PackedSequences pack(
      List<String> texts, BytePairTokenizer tokenizer, int context) {
    return Packer.pack(
        texts.stream().map(tokenizer::encode).toList(), context, tokenizer.endOfText());
  }
}
