package dev.unmask.lm.trainer;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.corpus.ArchiveDocuments;
import dev.unmask.lm.corpus.Corpus;
import dev.unmask.lm.corpus.CorpusSplit;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.objective.BlockDiffusion;
import dev.unmask.lm.objective.BlockDiffusion.Noise;
import dev.unmask.lm.objective.MaskedDenoising;
import dev.unmask.lm.objective.MaskedDenoising.Weighting;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.optimizer.OptimizerSettings.Decay;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.packing.Packer;
import dev.unmask.lm.tokenizer.BytePairTokenizer;
import dev.unmask.lm.tokenizer.BytePairTrainer;
import dev.unmask.lm.torch.PrecisionChoice;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Trains on the Java sources in some archives and prints what that costs and teaches. Not a test:
 * run its main with {@code key=value} settings and paths of archives, for instance {@code ar=600
 * bd=250 out=/tmp/model commons-lang3-sources.jar}.
 */
public final class LearningExperiment {
  private final Map<String, String> settings = new HashMap<>();
  private final List<Path> archives = new ArrayList<>();

  private LearningExperiment(String[] arguments) {
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      if (pair.length == 2) {
        settings.put(pair[0], pair[1]);
      } else {
        archives.add(Path.of(argument));
      }
    }
  }

  public static void main(String[] arguments) {
    new LearningExperiment(arguments).run();
  }

  private void run() {
    List<String> texts = new ArrayList<>();
    archives.forEach(archive -> texts.addAll(ArchiveDocuments.read(archive, ".java")));
    CorpusSplit split = CorpusSplit.of(Corpus.of(texts), 0.03);
    BytePairTokenizer tokenizer =
        BytePairTrainer.train(split.training(), integer("vocabulary", 1024));
    PackedSequences training = pack(split.training(), tokenizer);
    PackedSequences validation = pack(split.validation(), tokenizer);
    long bytes =
        split.validation().stream()
            .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
            .sum();
    double bytesPerToken = (double) bytes / validation.tokens();
    TrainingPlan plan = plan(tokenizer);
    print(
        "%,d parameters, %d sequences, %d held out, %.2f bytes a token",
        plan.backbone().parameterCount(), training.count(), validation.count(), bytesPerToken);
    try (Trainer trainer = Trainer.start(plan, training)) {
      while (!trainer.finished()) {
        train(trainer);
        ValidationReport report = trainer.validate(validation, integer("sequences", 128));
        print(
            "validation, %s: %.4f nats a token, %.4f bits a byte",
            report.objective(),
            report.natsPerToken(),
            report.natsPerToken() / Math.log(2) / bytesPerToken);
      }
      if (settings.containsKey("out")) {
        Path out = Path.of(text("out", ""));
        trainer.exportModel(out, tokenizer);
        sample(out);
      }
    }
  }

  /** Runs to the end of the current phase. */
  private void train(Trainer trainer) {
    int phase = trainer.position().phase();
    int every = integer("every", 50);
    double loss = 0;
    double milliseconds = 0;
    long processor = processorNanos();
    while (!trainer.finished() && trainer.position().phase() == phase) {
      StepReport step = trainer.step();
      loss += step.loss() / every;
      milliseconds += step.milliseconds() / every;
      if (step.step() % every == 0) {
        print(
            "%5d  phase %d  loss %.3f  norm %.2f  rate %.5f  %.0f ms a step, %.0f of processor",
            step.step(),
            step.phase(),
            loss,
            step.gradientNorm(),
            step.learningRate(),
            milliseconds,
            (processorNanos() - processor) / 1e6 / every);
        loss = 0;
        milliseconds = 0;
        processor = processorNanos();
      }
    }
  }

  private static long processorNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private void sample(Path model) {
    try (Generator generator = Generator.open(model, PrecisionChoice.F32)) {
      int[] prompt = generator.tokenizer().encode(text("prompt", "/**\n * Returns "));
      for (int seed = 0; seed < integer("samples", 2); seed++) {
        try (Denoising denoising =
            generator.start(
                new Canvas.Completion(prompt),
                generator
                    .defaults()
                    .withMaxTokens(integer("tokens", 200))
                    .withSampling(number("temperature", 0.8), 0.95)
                    .withMayEnd(false)
                    .withSeed(seed))) {
          while (!denoising.finished()) {
            denoising.step();
          }
          print("%s%n%s%n", denoising.report(), generator.tokenizer().decode(denoising.tokens()));
        }
      }
    }
  }

  private TrainingPlan plan(BytePairTokenizer tokenizer) {
    BackboneConfig backbone =
        BackboneConfig.llama(
            tokenizer.vocabularySize() + 1,
            integer("layers", 6),
            integer("width", 192),
            integer("heads", 3),
            integer("feedforward", 512),
            integer("context", 288),
            integer("block", 4));
    return new TrainingPlan(
        backbone,
        phases(),
        optimizer(),
        integer("batch", 8),
        integer("seed", 1),
        PrecisionChoice.valueOf(text("precision", "AUTO")));
  }

  private List<TrainingPhase> phases() {
    Noise noise = Noise.valueOf(text("noise", "COUNT"));
    Weighting weighting = Weighting.valueOf(text("weighting", "LAMBDA"));
    List<TrainingPhase> phases = new ArrayList<>();
    if (integer("ar", 0) > 0) {
      phases.add(new TrainingPhase(new Autoregressive(), integer("ar", 0)));
    }
    if (integer("bd", 0) > 0) {
      phases.add(
          new TrainingPhase(new BlockDiffusion(integer("block", 4), noise), integer("bd", 0)));
    }
    if (integer("radd", 0) > 0) {
      phases.add(new TrainingPhase(new MaskedDenoising(weighting), integer("radd", 0)));
    }
    return phases;
  }

  private OptimizerSettings optimizer() {
    return new OptimizerSettings(
        number("rate", 2e-3),
        0.9,
        number("beta2", 0.95),
        1e-8,
        number("decay", 0.1),
        number("clip", 1),
        integer("warmup", 40),
        Decay.valueOf(text("schedule", "STABLE_THEN_LINEAR")),
        number("average", 0.999));
  }

  private PackedSequences pack(List<String> texts, BytePairTokenizer tokenizer) {
    return Packer.pack(
        texts.stream().map(tokenizer::encode).toList(),
        integer("context", 288),
        tokenizer.endOfText());
  }

  private String text(String key, String fallback) {
    return settings.getOrDefault(key, fallback);
  }

  private int integer(String key, int fallback) {
    return Integer.parseInt(text(key, Integer.toString(fallback)));
  }

  private double number(String key, double fallback) {
    return Double.parseDouble(text(key, Double.toString(fallback)));
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
