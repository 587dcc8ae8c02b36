package dev.unmask.benchmarks;

import dev.unmask.lm.evaluation.ScalingRun;
import dev.unmask.lm.evaluation.TrainingCompute;
import dev.unmask.lm.family.NetworkSize;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Four sizes by four token budgets of next-token prediction and of masked diffusion on characters,
 * each run with a cosine schedule of its own; a power law of loss in compute for each, through the
 * runs that no cheaper run undercuts, and the compute that masked diffusion needs for the same loss
 * (about 16 times in SMDM, arXiv:2410.18514, at larger scale).
 */
final class ScalingBenchmark implements Benchmark {

  private static final Logger log = LoggerFactory.getLogger(ScalingBenchmark.class);
  private static final int BATCH = 16;
  private static final long SEED = 1;
  private static final int FEWEST_STEPS = 800;
  private static final int BUDGETS = 4;
  private static final int COMPARED_LOSSES = 3;
  private static final String REFERENCE = "ar";
  private static final String METHOD = "smdm";

  private static final List<NetworkSize> SIZES =
      List.of(
          CharacterTraining.size(2, 48, 2, 128),
          CharacterTraining.size(3, 64, 2, 176),
          CharacterTraining.size(4, 96, 3, 256),
          CharacterTraining.SIZE);

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
    CharacterText text = CharacterText.of(options.text());
    FinishedRuns finished = FinishedRuns.in(options.work().resolve("scaling.jsonl"));
    ScalingLaw reference = law(REFERENCE, text, options.quick(), finished, results);
    ScalingLaw method = law(METHOD, text, options.quick(), finished, results);
    gaps(reference, method, results);
    options.plot().ifPresent(file -> new ScalingPlot(List.of(reference, method)).write(file));
  }

  private ScalingLaw law(
      String method,
      CharacterText text,
      boolean quick,
      FinishedRuns finished,
      Consumer<Result> results) {
    List<ScalingRun> runs = new ArrayList<>();
    for (NetworkSize size : SIZES) {
      for (int budget = 0; budget < BUDGETS; budget++) {
        int steps = (quick ? 5 : FEWEST_STEPS) << budget;
        runs.add(cell(method, size, steps, text, finished, results));
      }
    }
    ScalingLaw law = ScalingLaw.fit(method, runs);
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

  private ScalingRun cell(
      String method,
      NetworkSize size,
      int steps,
      CharacterText text,
      FinishedRuns finished,
      Consumer<Result> results) {
    double parameters = TrainingCompute.parameters(size.layers(), size.width(), size.feedForward());
    long tokens = (long) steps * BATCH * CharacterText.LENGTH;
    String key =
        "%s, %d layers, width %d, %d steps of %d, seed %d"
            .formatted(method, size.layers(), size.width(), steps, BATCH, SEED);
    long start = System.nanoTime();
    double nats =
        finished.get(
            key,
            () ->
                CharacterTraining.nats(
                    CharacterTraining.plan(method, 0, size, steps, BATCH, SEED), text));
    log.info("{}: {} nats after {} s", key, nats, (System.nanoTime() - start) / 1_000_000_000);
    double compute = TrainingCompute.operations(parameters, tokens);
    results.accept(
        Result.of(name(), method, nats, "nats/character")
            .with("parameters", parameters)
            .with("tokens", tokens)
            .with("compute", compute)
            .with("seed", SEED));
    return new ScalingRun(compute, parameters, nats);
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
