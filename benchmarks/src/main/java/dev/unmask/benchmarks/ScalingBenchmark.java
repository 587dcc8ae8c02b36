package dev.unmask.benchmarks;

import dev.unmask.benchmarks.TrainingCell.Shape;
import dev.unmask.lm.evaluation.ScalingRun;
import dev.unmask.lm.evaluation.TrainingCompute;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Four sizes by four token budgets of next-token prediction and of masked diffusion on characters,
 * each run with a cosine schedule of its own; a power law of loss in compute for each, through the
 * runs that no cheaper run undercuts, and the compute that masked diffusion needs for the same loss
 * (about 16 times in SMDM, arXiv:2410.18514, at larger scale).
 */
final class ScalingBenchmark implements Benchmark {

  private static final int BATCH = 16;

  /** From 1.6 to 8.6 million characters. */
  private static final List<Integer> STEPS = List.of(1_600, 2_800, 4_800, 8_400);

  /** Next-token prediction alone: so few that it is no better than masked diffusion at its best. */
  private static final List<Integer> REFERENCE_STEPS = List.of(200, 600);

  private static final int QUICK_DIVISOR = 200;
  private static final double LEARNING_RATE = 3e-3;
  private static final int COMPARED_LOSSES = 3;
  private static final double MINUTES = 60;
  private static final String REFERENCE = "ar";
  private static final String METHOD = "smdm";

  private static final List<Shape> SIZES =
      List.of(
          new Shape(TrainingCell.Network.OWN, 2, 32, 2, 88),
          new Shape(TrainingCell.Network.OWN, 2, 48, 2, 128),
          new Shape(TrainingCell.Network.OWN, 3, 64, 2, 176),
          new Shape(TrainingCell.Network.OWN, 4, 96, 3, 256));

  @Override
  public String name() {
    return "scaling";
  }

  @Override
  public String description() {
    return "loss by size and tokens, next-token prediction and masked diffusion; laws, compute gap";
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    Experiment experiment = Experiment.open(options, name());
    TrainedCells trained = experiment.trained();
    List<Integer> all = Stream.concat(REFERENCE_STEPS.stream(), STEPS.stream()).toList();
    List<TrainingCell> reference = cells(experiment.cell().by(REFERENCE, 0), all, options.quick());
    List<TrainingCell> method = cells(experiment.cell().by(METHOD, 0), STEPS, options.quick());
    List<TrainingCell> cells = Stream.concat(reference.stream(), method.stream()).toList();
    trained.train(cells, Set.of());
    double unigram = experiment.text().unigramNats();
    cells.forEach(cell -> results.accept(line(cell, trained.of(cell), unigram)));
    results.accept(
        Result.of(name(), "sweep_minutes", trained.seconds(cells) / trained.processes() / 60, "min")
            .withLimit(MINUTES)
            .with("cells", cells.size())
            .with("processes", trained.processes()));
    ScalingLaw referenceLaw = law(REFERENCE, reference, trained, results);
    ScalingLaw methodLaw = law(METHOD, method, trained, results);
    gaps(referenceLaw, methodLaw, results);
    options.plot().ifPresent(file -> new ScalingPlot(List.of(referenceLaw, methodLaw)).write(file));
  }

  private static List<TrainingCell> cells(TrainingCell cell, List<Integer> budgets, boolean quick) {
    List<TrainingCell> cells = new ArrayList<>();
    for (Shape shape : SIZES) {
      for (int steps : budgets) {
        cells.add(
            cell.with(shape)
                .during(quick ? steps / QUICK_DIVISOR : steps, BATCH)
                .learning(LEARNING_RATE, cell.budget().averageDecay()));
      }
    }
    return cells;
  }

  private Result line(TrainingCell cell, CellResult result, double unigram) {
    return Result.of(name(), cell.method(), result.nats(), "nats/character")
        .with("parameters", cell.parameters())
        .with("tokens", cell.tokens())
        .with("compute", compute(cell))
        .with("unigram_nats", unigram)
        .with("below_unigram", unigram - result.nats())
        .with("seconds", result.seconds())
        .with("millis_per_step", result.millisPerStep())
        .with("seed", cell.seed())
        .with("precision", cell.precision().name());
  }

  private static double compute(TrainingCell cell) {
    return TrainingCompute.operations(cell.parameters(), cell.tokens());
  }

  private ScalingLaw law(
      String method, List<TrainingCell> cells, TrainedCells trained, Consumer<Result> results) {
    ScalingLaw law =
        ScalingLaw.fit(
            method,
            cells.stream()
                .map(
                    cell ->
                        new ScalingRun(compute(cell), cell.parameters(), trained.of(cell).nats()))
                .toList());
    results.accept(
        Result.of(name(), method + ": exponent of compute", law.law().alpha(), "")
            .with("logarithm_of_the_factor", law.law().beta())
            .with("runs", law.frontier().size())
            .with("largest_residual_percent", 100 * law.largestResidual()));
    for (ScalingRun run : law.frontier()) {
      results.accept(
          Result.of(name(), method + ": residual of the law", 100 * law.residual(run), "percent")
              .with("parameters", run.parameters())
              .with("compute", run.compute()));
    }
    return law;
  }

  /** At losses that both methods reached. */
  private void gaps(ScalingLaw reference, ScalingLaw method, Consumer<Result> results) {
    double highest = Math.min(reference.highestLoss(), method.highestLoss());
    double lowest = Math.max(reference.lowestLoss(), method.lowestLoss());
    if (lowest >= highest) {
      results.accept(Result.of(name(), "losses that both reached", 0, "losses"));
      return;
    }
    for (int i = 0; i < COMPARED_LOSSES; i++) {
      double loss = lowest + (highest - lowest) * i / (COMPARED_LOSSES - 1);
      results.accept(
          Result.of(
                  name(),
                  "compute of masked diffusion over next-token prediction for the same loss",
                  method.computeFor(loss) / reference.computeFor(loss),
                  "ratio")
              .with("nats", loss));
    }
  }
}
