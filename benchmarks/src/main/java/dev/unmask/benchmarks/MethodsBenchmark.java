package dev.unmask.benchmarks;

import dev.unmask.benchmarks.TrainingCell.Shape;
import dev.unmask.lm.family.dsm.VariationalBound;
import dev.unmask.lm.packing.PackedSequences;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Methods compared on tinyshakespeare characters: the same network (4 layers, width 128, 64
 * characters), optimizer and tokens for all. The likelihood in the published order (autoregressive,
 * then block diffusion by growing block, then masked diffusion; BD3-LM, arXiv:2503.09573, table 3)
 * over several seeds, the bounds of the families, what guidance does (SMDM, arXiv:2410.18514) and
 * how often a sampler asks the network (RADD, arXiv:2406.03736). The autoregressive rows of the
 * budget of nanoGPT's set-up for a CPU compare with its 1.88 nats.
 */
final class MethodsBenchmark implements Benchmark {
  private static final int BATCH = 12;
  private static final double LEARNING_RATE = 2e-3;
  private static final double NANO_NATS = 1.88;
  private static final double NANO_MARGIN = 0.02;
  private static final int NANO_FEED_FORWARD = 512;
  private static final int SEEDS = 3;
  private static final String AR = "ar";
  private static final String DSM = "dsm";

  /** The classic process, which hardly learns more than frequencies from so few tokens. */
  private static final String DSM_AT_ONCE = "variance-preserving";

  private static final String RADD = "radd";
  private static final String SMDM = "smdm";
  private static final List<String> BOUNDS = List.of("sedd", RADD, "mdlm", SMDM);

  @Override
  public String name() {
    return "methods";
  }

  @Override
  public String description() {
    return "tinyshakespeare (--text): nats a character by method, guidance, RADD's evaluations";
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    Experiment experiment = Experiment.open(options, name());
    TrainingCell nano = experiment.cell();
    TrainingCell nanoNetwork =
        nano.with(
                new Shape(
                    TrainingCell.Network.NANO_GPT,
                    nano.shape().layers(),
                    nano.shape().width(),
                    nano.shape().heads(),
                    NANO_FEED_FORWARD))
            .learning(nano.budget().learningRate(), 0);
    TrainingCell compared =
        nano.during(options.quick() ? nano.budget().steps() : options.steps(), BATCH)
            .learning(LEARNING_RATE, nano.budget().averageDecay());
    List<Map<String, TrainingCell>> seeds = ordered(compared, options.quick() ? 1 : SEEDS);
    List<TrainingCell> bounds = BOUNDS.stream().map(method -> compared.by(method, 0)).toList();
    List<TrainingCell> cells = new ArrayList<>(List.of(nano, nanoNetwork));
    seeds.forEach(seed -> cells.addAll(seed.values()));
    cells.addAll(bounds);
    TrainingCell continuous = compared.by(DSM, 0);
    TrainingCell atOnce = continuous.scheduled(DSM_AT_ONCE);
    cells.addAll(List.of(continuous, atOnce));
    Set<TrainingCell> kept =
        Set.of(continuous, atOnce, compared.by(AR, 0), compared.by(RADD, 0), compared.by(SMDM, 0));
    experiment.trained().train(cells, kept);

    double unigram = experiment.text().unigramNats();
    Report report = new Report(name(), experiment.trained(), unigram, results);
    report.nano("ar, nanoGPT's budget", nano, "rotary positions, SwiGLU, RMS norms, 258 tokens");
    report.nano(
        "ar, nanoGPT's network and budget",
        nanoNetwork,
        "as nanoGPT's, but for rotary positions, biases and rows cut at fixed places");
    report.order(seeds);
    report.continuousBound("bound: dsm", continuous, experiment.text());
    report.continuousBound("bound: dsm, one noise level for all tokens", atOnce, experiment.text());
    bounds.forEach(report::bound);
    report.time(cells);
    TrainedModels models =
        new TrainedModels(
            experiment.text(),
            experiment.trained().model(compared.by(AR, 0)),
            experiment.trained().model(compared.by(RADD, 0)),
            experiment.trained().model(compared.by(SMDM, 0)));
    new GuidedContinuations(models, options.quick()).run(name(), results);
    new RaddEvaluations(models, options.quick()).run(name(), results);
  }

  /** The methods in the published order, for every seed. */
  private static List<Map<String, TrainingCell>> ordered(TrainingCell compared, int seeds) {
    List<Map<String, TrainingCell>> all = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      TrainingCell seeded = compared.seeded(seed);
      Map<String, TrainingCell> cells = new LinkedHashMap<>();
      cells.put("ar", seeded.by(AR, 0));
      cells.put("block diffusion 4", seeded.by("block-diffusion", 4));
      cells.put("block diffusion 16", seeded.by("block-diffusion", 16));
      cells.put("masked diffusion (radd)", seeded.by(RADD, 0));
      all.add(cells);
    }
    return all;
  }

  static boolean ascending(List<Double> values) {
    for (int i = 1; i < values.size(); i++) {
      if (values.get(i) <= values.get(i - 1)) {
        return false;
      }
    }
    return true;
  }

  /** Prints what cells came to. */
  private record Report(
      String benchmark, TrainedCells trained, double unigram, Consumer<Result> results) {

    void nano(String name, TrainingCell cell, String network) {
      double nats = trained.of(cell).nats();
      results.accept(
          Result.of(benchmark, name + ": nats a character below its 1.88", NANO_NATS - nats, "nats")
              .withGoal(-NANO_MARGIN * NANO_NATS)
              .with("nats", nats)
              .with("tokens", cell.tokens())
              .with("network", network));
    }

    void order(List<Map<String, TrainingCell>> seeds) {
      int inOrder = 0;
      for (Map<String, TrainingCell> seed : seeds) {
        seed.forEach((name, cell) -> results.accept(line(name, cell)));
        inOrder +=
            ascending(seed.values().stream().map(cell -> trained.of(cell).nats()).toList()) ? 1 : 0;
      }
      results.accept(
          Result.of(benchmark, "seeds in the published order", inOrder, "seeds")
              .withGoal(seeds.size()));
    }

    void bound(TrainingCell cell) {
      results.accept(line("bound: " + cell.method(), cell));
    }

    /** A score network's validation is no bound, so that its model is scored here. */
    void continuousBound(String name, TrainingCell cell, CharacterText text) {
      PackedSequences rows = text.validation(cell.validation().rows(), 1);
      int[][] tokens =
          IntStream.range(0, rows.count()).mapToObj(rows::sequence).toArray(int[][]::new);
      CellResult result = trained.of(cell);
      results.accept(
          line(
                  name,
                  cell,
                  new CellResult(
                      VariationalBound.natsPerToken(
                          trained.model(cell), tokens, cell.validation().draws(), 1),
                      "variational bound",
                      false,
                      result.seconds(),
                      result.millisPerStep()))
              .with("rounding_nats", result.nats())
              .with("computed_in", "F32 whatever the others' precision"));
    }

    private Result line(String name, TrainingCell cell) {
      return line(name, cell, trained.of(cell));
    }

    private Result line(String name, TrainingCell cell, CellResult result) {
      return Result.of(benchmark, name, result.nats(), "nats/character")
          .with("objective", result.objective())
          .with("exact", String.valueOf(result.exact()))
          .with("unigram_nats", unigram)
          .with("below_unigram", unigram - result.nats())
          .with("seed", cell.seed())
          .with("tokens", cell.tokens())
          .with("millis_per_step", result.millisPerStep())
          .with("precision", cell.precision().name());
    }

    void time(List<TrainingCell> cells) {
      results.accept(
          Result.of(
                  benchmark,
                  "training of all cells",
                  trained.seconds(cells) / trained.processes() / 60,
                  "minutes")
              .with("cells", new HashSet<>(cells).size())
              .with("processes", trained.processes()));
    }
  }
}
