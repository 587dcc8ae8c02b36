package dev.unmask.benchmarks;

import dev.unmask.benchmarks.LearningCurve.Point;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.family.MethodPlan.Start;
import dev.unmask.lm.family.NetworkSize;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * A next-token model converted by SDAR's recipe (arXiv:2510.06303) and by Fast-dLLM v2's
 * (arXiv:2509.26328) beside block models of the same kind trained from scratch: characters of one
 * text, one network, one optimizer, every run with a cosine schedule of its own length. Counts the
 * tokens until the converted model is as good as the one from scratch at its end.
 */
final class ConversionBenchmark implements Benchmark {

  private static final int BATCH = 12;
  private static final long SEED = 1;
  private static final int QUICK_STEPS = 16;
  private static final int VALIDATED = 256;
  private static final double GOAL = 0.25;

  /**
   * Nats below the frequencies of characters: a model that has learned less has set no bound to
   * reach.
   */
  private static final double LEARNED = 0.5;

  /** 4 layers, width 128: 0.8 million parameters, as nanoGPT's set-up for a CPU. */
  private static final Start FRESH =
      new Start.Fresh(
          new NetworkSize(
              CharacterText.CHARACTERS.vocabularySize(), 4, 128, 4, 344, CharacterText.LENGTH));

  private static final String NEXT_TOKEN = "ar";

  /**
   * Tokens that the next-token model has seen, over those from scratch: a conversion begins with a
   * model that has learned its text.
   */
  private static final int NEXT_TOKEN_FACTOR = 4;

  private static final String PLAIN = "block-diffusion";
  private static final List<String> RECIPES = List.of("sdar", "fast-dllm-v2");
  private static final List<Double> SCRATCH_POINTS = List.of(0.125, 0.25, 0.5, 0.75, 1.0);
  private static final List<Double> CONVERTED_POINTS = List.of(0.5, 1.0);

  /** Divisors of the tokens from scratch. */
  private static final List<Integer> BUDGETS = List.of(16, 8, 4);

  @Override
  public String name() {
    return "conversion";
  }

  @Override
  public String description() {
    return "tokens to convert a next-token model over tokens from scratch, by recipe";
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    Experiment experiment = Experiment.open(options, name());
    int steps = options.quick() ? QUICK_STEPS : options.steps();
    Path work = options.quick() ? options.work().resolve("quick") : options.work();
    LearningCurve curves =
        new LearningCurve(
            experiment.text(),
            KeptValues.in(work.resolve(name() + ".jsonl")),
            work.resolve(name()),
            options.repeats(VALIDATED));
    new Sweep(curves, steps, experiment.cell().precision(), results).run();
  }

  /**
   * A run's curve.
   *
   * @param run in words
   * @param budget optimizer steps of its schedule
   */
  private record Curve(String run, int budget, List<Point> points) {}

  private static int block(String recipe) {
    return Families.method(recipe).options().blockSize();
  }

  /** All runs of one number of optimizer steps from scratch. */
  private final class Sweep {
    private final LearningCurve curves;
    private final int steps;
    private final int nextTokenSteps;
    private final double unigram;
    private final Consumer<Result> results;
    private final PrecisionChoice precision;

    Sweep(LearningCurve curves, int steps, PrecisionChoice precision, Consumer<Result> results) {
      this.curves = curves;
      this.steps = steps;
      this.nextTokenSteps = NEXT_TOKEN_FACTOR * steps;
      this.precision = precision;
      this.results = results;
      this.unigram = curves.text().unigramNats();
    }

    void run() {
      results.accept(
          Result.of(name(), "frequencies of characters alone", unigram, "nats/character")
              .with("precision", precision.name())
              .with("optimizer_steps", steps));
      try (SingleThreads threads = new SingleThreads(Runtime.getRuntime().availableProcessors())) {
        run(threads);
      }
    }

    /** The next-token model first, because conversions wait for it. */
    private void run(SingleThreads threads) {
      Future<Path> nextToken = threads.submit(this::nextTokenModel);
      List<Future<Curve>> scratch = new ArrayList<>();
      for (String recipe : RECIPES) {
        scratch.add(threads.submit(() -> fromScratch(recipe, block(recipe))));
        scratch.add(threads.submit(() -> fromScratch(PLAIN, block(recipe))));
      }
      Path directory = SingleThreads.join(nextToken);
      List<Future<Curve>> converted = new ArrayList<>();
      for (String recipe : RECIPES) {
        for (int divisor : BUDGETS) {
          converted.add(threads.submit(() -> converted(recipe, steps / divisor, directory)));
        }
      }
      for (int i = 0; i < RECIPES.size(); i++) {
        Curve own = printed(scratch.get(2 * i));
        Curve plain = printed(scratch.get(2 * i + 1));
        List<List<Point>> curves = new ArrayList<>();
        for (int j = 0; j < BUDGETS.size(); j++) {
          curves.add(printed(converted.get(i * BUDGETS.size() + j)).points());
        }
        Conversion conversion = new Conversion(curves, steps);
        print(RECIPES.get(i), own, conversion);
        print(RECIPES.get(i), plain, conversion);
      }
    }

    private Curve printed(Future<Curve> training) {
      Curve curve = SingleThreads.join(training);
      for (Point point : curve.points()) {
        print(curve.run(), point, curve.budget());
      }
      return curve;
    }

    /** Kept, because every conversion begins with it. */
    private Path nextTokenModel() {
      Path directory =
          curves
              .work()
              .resolve(
                  "%s-%d-steps-%s-%s"
                      .formatted(
                          NEXT_TOKEN, nextTokenSteps, precision.name(), curves.text().digest()));
      MethodPlan plan = plan(NEXT_TOKEN, 0, nextTokenSteps, FRESH);
      if (!Files.exists(directory.resolve(ModelDirectory.TOKENIZER))) {
        StartedTraining.train(plan, curves.text().training(), directory);
      }
      double nats = curves.nextTokenNats(directory);
      print(NEXT_TOKEN, new Point(nextTokenSteps, nats), nextTokenSteps);
      return directory;
    }

    private Curve fromScratch(String method, int block) {
      List<Point> curve =
          curves.of(
              key(method, block, "from scratch", steps),
              plan(method, block, steps, FRESH),
              points(steps, SCRATCH_POINTS));
      return new Curve("%s %d from scratch".formatted(method, block), steps, curve);
    }

    private Curve converted(String method, int budget, Path nextToken) {
      int block = block(method);
      String how = "from next tokens of %d steps".formatted(nextTokenSteps);
      List<Point> curve =
          curves.of(
              key(method, block, how, budget),
              plan(method, block, budget, new Start.From(nextToken)),
              points(budget, CONVERTED_POINTS));
      return new Curve("%s %d converted".formatted(method, block), budget, curve);
    }

    private MethodPlan plan(String method, int block, int budget, Start start) {
      return new StartedTraining(start, BATCH, SEED, precision).plan(method, block, budget);
    }

    private String key(String method, int block, String how, int budget) {
      return "%s, blocks of %d, %s, %d steps of %d on %s, %s, seed %d, %d rows"
          .formatted(
              method,
              block,
              how,
              budget,
              BATCH,
              curves.text().digest(),
              precision,
              SEED,
              curves.rows());
    }

    private void print(String run, Point point, int budget) {
      results.accept(
          Result.of(name(), run, point.nats(), "nats/character")
              .with("tokens", tokens(point.steps()))
              .with("schedule_tokens", tokens(budget))
              .with("below_unigram", unigram - point.nats())
              .with("seed", SEED));
    }

    private void print(String recipe, Curve scratch, Conversion conversion) {
      double bound = scratch.points().getLast().nats();
      Optional<Point> reached = conversion.reaching(bound);
      double share = conversion.shareReaching(bound);
      boolean learned = unigram - bound >= LEARNED;
      Result line =
          Result.of(
                  name(),
                  "%s: tokens to the bound of %s, over its tokens".formatted(recipe, scratch.run()),
                  share,
                  "ratio")
              .with("reached", reached.isPresent() ? "yes" : "not by any budget")
              .with("bound", bound)
              .with("bound_below_unigram", unigram - bound)
              .with("best_converted", conversion.best())
              .with("tokens_from_scratch", tokens(steps));
      Result counted =
          reached
              .map(
                  point ->
                      line.with("tokens", tokens(point.steps()))
                          .with("share_with_next_token_training", share + NEXT_TOKEN_FACTOR))
              .orElse(line)
              .with("seed", SEED);
      results.accept(learned ? counted.withLimit(GOAL) : counted);
    }
  }

  private static List<Integer> points(int steps, List<Double> shares) {
    return shares.stream().map(share -> Math.max(1, (int) (share * steps))).distinct().toList();
  }

  private static long tokens(int steps) {
    return (long) steps * BATCH * CharacterText.LENGTH;
  }
}
