package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.objective.BlockDiffusion;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.Trainer;
import dev.unmask.lm.trainer.TrainingPhase;
import dev.unmask.lm.trainer.TrainingPlan;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Whole optimizer steps: batch, corruption, forward and backward pass, clipping, AdamW, moving
 * average. Tokens are those of the text; a step of block diffusion computes over twice as many.
 */
final class TrainingBenchmark implements Benchmark {

  private static final int WARM_UP = 4;
  private static final int REPEATS = 15;

  /** What is trained and in which batches. */
  private record Shape(String name, BackboneConfig backbone, int batchSize, int blockSize) {
    int length() {
      return backbone.contextLength();
    }

    int tokens() {
      return batchSize * length();
    }
  }

  private static final List<Shape> SHAPES =
      List.of(
          new Shape("3m", BackboneConfig.llama(1025, 6, 192, 6, 512, 288, 8), 8, 8),
          new Shape("11m", BackboneConfig.llama(1025, 6, 384, 6, 1024, 256, 8), 8, 8));

  @Override
  public String name() {
    return "training";
  }

  @Override
  public String description() {
    return "optimizer steps: tokens/s by number type and objective, share of the matrix rate";
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    int repeats = options.repeats(REPEATS);
    for (Precision precision : List.of(Precision.F32, Precision.BF16)) {
      results.accept(
          rate("matrix rate " + label(precision), MatrixRate.measure(precision), "GFLOP/s"));
    }
    for (Shape shape : SHAPES) {
      Map<Precision, Double> milliseconds = new EnumMap<>(Precision.class);
      for (Precision precision : List.of(Precision.F32, Precision.BF16)) {
        milliseconds.put(precision, run(shape, precision, repeats, results));
      }
      results.accept(automatic(shape, milliseconds));
    }
  }

  /** Both objectives in one number type; returns the median step of the autoregressive one. */
  private double run(Shape shape, Precision precision, int repeats, Consumer<Result> results) {
    BackboneConfig backbone = shape.backbone();
    double expectedShare = (shape.blockSize() + 1.0) / (2 * shape.blockSize());
    Samples before = MatrixRate.measure(precision);
    Samples plain = steps(shape, new Autoregressive(), precision, repeats);
    Samples blocks = steps(shape, new BlockDiffusion(shape.blockSize()), precision, repeats);
    Samples after = MatrixRate.measure(precision);
    // Other work on the machine only ever lowers a rate: the higher one is nearer to the machine's.
    double rate = Math.max(before.median(), after.median());
    String suffix = " " + label(precision);

    report(
        shape.name() + " autoregressive" + suffix,
        shape,
        plain,
        TrainingFlops.autoregressive(backbone, shape.batchSize(), shape.length()),
        rate,
        results);
    report(
        shape.name() + " block diffusion" + suffix,
        shape,
        blocks,
        TrainingFlops.blockDiffusion(
            backbone, shape.batchSize(), shape.length(), shape.blockSize(), expectedShare),
        rate,
        results);
    results.accept(
        Result.of(
            name(),
            shape.name() + " block diffusion step over autoregressive step" + suffix,
            blocks.median() / plain.median(),
            "ratio"));
    return plain.median();
  }

  private void report(
      String name,
      Shape shape,
      Samples milliseconds,
      double flops,
      double rate,
      Consumer<Result> results) {
    results.accept(
        rate(name, milliseconds.map(time -> shape.tokens() / time * 1e3), "tokens/s")
            .with("parameters", shape.backbone().parameterCount())
            .with("batch", shape.batchSize())
            .with("length", shape.length())
            .with("step_milliseconds", milliseconds.median()));
    double achieved = flops / milliseconds.median() / 1e6;
    results.accept(
        Result.of(name(), name + ", share of the matrix rate", achieved / rate, "fraction")
            .with("gigaflops_a_second", achieved)
            .with("gigaflops_a_step", flops / 1e9)
            .with("matrix_rate", rate));
  }

  /** What {@code auto} picks, and how its choice compares with the faster of the two. */
  private Result automatic(Shape shape, Map<Precision, Double> milliseconds) {
    Precision picked =
        PrecisionCalibration.resolve(
            PrecisionChoice.AUTO, BackboneLoader.products(shape.backbone(), shape.tokens()));
    double fastest =
        milliseconds.values().stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double ofPicked = milliseconds.getOrDefault(picked, Double.NaN);
    return Result.of(
            name(), shape.name() + " auto over the faster number type", fastest / ofPicked, "ratio")
        .with("precision", picked.name());
  }

  private Result rate(String name, Samples samples, String unit) {
    return Result.of(name(), name, samples.median(), unit).with(samples);
  }

  private static Samples steps(Shape shape, Objective objective, Precision precision, int repeats) {
    TrainingPlan plan =
        new TrainingPlan(
            shape.backbone(),
            List.of(new TrainingPhase(objective, WARM_UP + repeats)),
            OptimizerSettings.of(1e-3),
            shape.batchSize(),
            1,
            PrecisionChoice.valueOf(precision.name()));
    try (Trainer trainer = Trainer.start(plan, randomText(shape))) {
      return Samples.milliseconds(WARM_UP, repeats, trainer::step);
    }
  }

  /** Uniform tokens: the time of a step does not depend on what the text says. */
  private static PackedSequences randomText(Shape shape) {
    int words = shape.backbone().vocabularySize() - 2;
    KeyedRandom random = KeyedRandom.of(7);
    int[] ids = new int[64 * shape.tokens()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = random.nextInt(words, i);
    }
    return PackedSequences.of(ids, shape.length(), words);
  }

  private static String label(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }
}
