package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.corpus.CorpusSplit;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.decoding.policy.EntropyBound;
import dev.unmask.lm.decoding.policy.Factor;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.decoding.policy.LeftToRight;
import dev.unmask.lm.decoding.policy.TopKMargin;
import dev.unmask.lm.evaluation.TextStatistics;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Quality of generated text against work: prompts of unseen Java sources are continued by every
 * policy and cache, and a next-token model of the same corpus scores what was written. Greedy, as
 * the published comparisons of policies decode (Fast-dLLM, arXiv:2505.22618), and drawn at
 * temperature 0.8. Low nats are also those of repetition: the entropy stands beside them.
 */
final class QualityBenchmark implements Benchmark {

  private static final int PROMPT = 64;
  private static final int TOKENS = 128;
  private static final int PROMPTS = 48;

  /** A claim of one per cent needs more of them: 48 leave a standard error of about one. */
  private static final int CLAIM_PROMPTS = 384;

  private static final int COUNTED_ROWS = 4_000;
  private static final double TRAIN_MINUTES = 12;
  private static final double QUICK_MINUTES = 0.1;
  private static final double DRAWN = 0.8;
  private static final double FORWARD_GOAL = 3;
  private static final double LOSS_GOAL = 0.01;
  private static final double ENTROPY_GOAL = 0.99;
  private static final List<Double> THRESHOLDS = List.of(0.95, 0.9, 0.8, 0.7, 0.6, 0.5);

  private static final DecodingPolicy ONE = new FixedTokensPerStep(1);

  /**
   * A row of the table.
   *
   * @param policy in words
   */
  private record Case(String policy, DecodeSettings settings) {

    String name() {
      return "%s, cache %s, temperature %s"
          .formatted(policy, settings.cache().name().toLowerCase(), settings.temperature());
    }

    boolean isReferenceOf(Case other) {
      return settings.equals(other.settings().withPolicy(ONE));
    }

    /** Among those that the goal speaks of: greedy, with the exact cache. */
    boolean isClaimed() {
      return settings.cache() == CacheKind.BLOCK && settings.temperature() == 0;
    }

    int prompts() {
      return isClaimed() ? CLAIM_PROMPTS : PROMPTS;
    }
  }

  @Override
  public String name() {
    return "quality";
  }

  @Override
  public String description() {
    return "generated text against work: nats by a next-token model, entropy, NFE by policy";
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    CorpusSplit text = SampleText.read(options.corpus());
    double minutes = options.quick() ? QUICK_MINUTES : options.trainMinutes(TRAIN_MINUTES);
    PackedSequences training = pack(text.training(), QualityModels.LENGTH);
    QualityModels models = QualityModels.trained(options.work(), training, minutes);
    PackedSequences unseen = pack(text.validation(), PROMPT + TOKENS);
    List<int[]> rows = rows(unseen, options.repeats(CLAIM_PROMPTS));
    Path directory = options.model().orElse(models.blocks());
    try (NextTokenJudge judge = NextTokenJudge.open(models.nextToken());
        DiffusionModel model = Families.open(directory, PrecisionChoice.AUTO)) {
      check(model);
      results.accept(unseenText(judge, rows).with("precision", model.precision().name()));
      double unigram = unigramNats(training, rows);
      model
          .blockwise()
          .filter(network -> network.config().layout() == Layout.BLOCK_CAUSAL)
          .map(network -> BlockBound.natsPerToken(network, rows, 1))
          .ifPresent(
              nats ->
                  results.accept(
                      Result.of(name(), "the model's bound of it, prompts too", nats, "nats/token")
                          .with("below_unigram", unigram - nats)));
      Map<Case, List<Judged>> table = new LinkedHashMap<>();
      for (Case each : cases(model)) {
        List<int[]> prompts = every(rows, options.repeats(each.prompts()));
        table.put(each, complete(model, judge, each.settings(), prompts));
        results.accept(row(each, table));
      }
      goal(table, results);
    }
  }

  private static PackedSequences pack(List<String> texts, int length) {
    return DecodingModel.pack(CharacterText.CHARACTERS, FlatText.of(texts), length);
  }

  private static double unigramNats(PackedSequences training, List<int[]> rows) {
    int counted = Math.min(training.count(), COUNTED_ROWS);
    return CharacterText.unigramNats(
        IntStream.range(0, counted).flatMap(i -> IntStream.of(training.sequence(i))).toArray(),
        rows.stream().flatMapToInt(IntStream::of).toArray(),
        CharacterText.CHARACTERS.vocabularySize());
  }

  private static List<int[]> rows(PackedSequences unseen, int count) {
    int stride = Math.max(1, unseen.count() / count);
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(unseen.sequence(i * stride % unseen.count()));
    }
    return rows;
  }

  /** So many of the rows, evenly spread. */
  private static List<int[]> every(List<int[]> rows, int count) {
    return IntStream.range(0, count).mapToObj(i -> rows.get(i * rows.size() / count)).toList();
  }

  private static void check(DiffusionModel model) {
    int characters = CharacterText.CHARACTERS.vocabularySize();
    if (model.tokenizer().vocabularySize() != characters) {
      throw new IllegalArgumentException("--model needs a model of bytes, as its judge reads");
    }
    if (model.contextLength() < PROMPT + TOKENS) {
      throw new IllegalArgumentException(
          "--model needs a context of %d, has %d"
              .formatted(PROMPT + TOKENS, model.contextLength()));
    }
  }

  /** The same of the text that really follows: nothing that is generated must be like it. */
  private Result unseenText(NextTokenJudge judge, List<int[]> rows) {
    List<Judged> judged = rows.stream().map(row -> judged(judge, row, TOKENS, Double.NaN)).toList();
    return Result.of(name(), "the unseen text itself", nats(judged).value(), "nats/token")
        .with("standard_error", nats(judged).standardError())
        .with("entropy", Judged.mean(judged, Judged::entropy).value())
        .with("prompts", rows.size())
        .with("tokens", TOKENS);
  }

  private static List<Case> cases(DiffusionModel model) {
    List<Case> cases = new ArrayList<>();
    for (double temperature : new double[] {0, DRAWN}) {
      DecodeSettings settings =
          model.defaults().withMaxTokens(TOKENS).withSampling(temperature, 1).withMayEnd(false);
      List<CacheKind> caches =
          temperature == 0 ? caches(model, settings) : List.of(settings.cache());
      for (CacheKind cache : caches) {
        policies()
            .forEach(
                (words, policy) ->
                    cases.add(new Case(words, settings.withCache(cache).withPolicy(policy))));
      }
    }
    return cases;
  }

  /** Those that suit the model's attention. */
  private static List<CacheKind> caches(DiffusionModel model, DecodeSettings settings) {
    return Arrays.stream(CacheKind.values()).filter(kind -> suits(model, settings, kind)).toList();
  }

  private static boolean suits(DiffusionModel model, DecodeSettings settings, CacheKind kind) {
    try {
      model.check(settings.withCache(kind));
      return true;
    } catch (DecodeSettingException e) {
      return false;
    }
  }

  private static Map<String, DecodingPolicy> policies() {
    Map<String, DecodingPolicy> policies = new LinkedHashMap<>();
    policies.put("one token a step", ONE);
    policies.put("2 tokens a step", new FixedTokensPerStep(2));
    policies.put("4 tokens a step", new FixedTokensPerStep(4));
    for (double threshold : THRESHOLDS) {
      policies.put("threshold " + threshold, new ConfidenceThreshold(threshold));
    }
    policies.put("factor 0.5", new Factor(0.5));
    policies.put("factor 1", new Factor(1));
    policies.put("entropy below 0.1 nats", new EntropyBound(0.1));
    policies.put("entropy below 0.5 nats", new EntropyBound(0.5));
    policies.put("margin, 2 tokens a step", new TopKMargin(2));
    policies.put("left to right, 2 tokens a step", new LeftToRight(2));
    return policies;
  }

  private static List<Judged> complete(
      DiffusionModel model, NextTokenJudge judge, DecodeSettings settings, List<int[]> rows) {
    List<Judged> completions = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int[] prompt = Arrays.copyOf(rows.get(i), PROMPT);
      long start = System.nanoTime();
      try (Denoising denoising = model.start(new Canvas.Completion(prompt), settings.withSeed(i))) {
        int nfe = denoising.finish().nfe();
        double milliseconds = (System.nanoTime() - start) / 1e6;
        completions.add(judged(judge, denoising.canvas(), nfe, milliseconds));
      }
    }
    return completions;
  }

  private static Judged judged(NextTokenJudge judge, int[] canvas, int nfe, double milliseconds) {
    int[] text = Arrays.copyOf(canvas, PROMPT + TOKENS);
    int[] written = Arrays.copyOfRange(text, PROMPT, text.length);
    return new Judged(
        TOKENS,
        nfe,
        milliseconds,
        judge.natsPerToken(text, PROMPT),
        TextStatistics.unigramEntropy(written));
  }

  private static Judged.Mean nats(List<Judged> completions) {
    return Judged.mean(completions, Judged::nats);
  }

  private Result row(Case each, Map<Case, List<Judged>> table) {
    List<Judged> completions = table.getOrDefault(each, List.of());
    Judged.Mean loss = Judged.loss(completions, reference(each, table));
    Samples rates =
        Samples.of(
            completions.stream()
                .mapToDouble(run -> run.tokens() / run.milliseconds() * 1e3)
                .toArray());
    return Result.of(name(), each.name(), nats(completions).value(), "nats/token")
        .with("standard_error", nats(completions).standardError())
        .with("loss", loss.value())
        .with("loss_standard_error", loss.standardError())
        .with("prompts", completions.size())
        .with("entropy", Judged.mean(completions, Judged::entropy).value())
        .with("nfe", Judged.mean(completions, Judged::nfe).value())
        .with("tokens_per_forward", Judged.tokensPerForward(completions))
        .with("tokens_per_second", rates.median());
  }

  /** One token a step with the same cache and temperature. */
  private static List<Judged> reference(Case each, Map<Case, List<Judged>> table) {
    return table.entrySet().stream()
        .filter(entry -> entry.getKey().isReferenceOf(each))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  /**
   * The most careful threshold that is fast enough: chosen by its speed, so that its loss is not
   * the best of several noisy ones.
   */
  private void goal(Map<Case, List<Judged>> table, Consumer<Result> results) {
    List<Case> thresholds =
        table.keySet().stream().filter(QualityBenchmark::isGreedyThreshold).toList();
    if (thresholds.isEmpty()) {
      return; // not a model of blocks
    }
    Comparator<Case> bySpeed =
        Comparator.comparingDouble(
            each -> Judged.tokensPerForward(table.getOrDefault(each, List.of())));
    Case fastest = thresholds.stream().max(bySpeed).orElseThrow();
    results.accept(
        Result.of(
                name(),
                "tokens per forward of the fastest threshold, exact cache",
                Judged.tokensPerForward(table.getOrDefault(fastest, List.of())),
                "tokens/forward")
            .withGoal(FORWARD_GOAL));
    Optional<Case> careful =
        thresholds.stream()
            .filter(
                each ->
                    Judged.tokensPerForward(table.getOrDefault(each, List.of())) >= FORWARD_GOAL)
            .min(bySpeed);
    careful.ifPresent(
        each -> {
          results.accept(loss(each, table));
          results.accept(entropy(each, table));
        });
  }

  private static boolean isGreedyThreshold(Case each) {
    return each.settings().policy() instanceof ConfidenceThreshold && each.isClaimed();
  }

  private Result loss(Case each, Map<Case, List<Judged>> table) {
    List<Judged> completions = table.getOrDefault(each, List.of());
    List<Judged> reference = reference(each, table);
    Judged.Mean loss = Judged.loss(completions, reference);
    return Result.of(
            name(),
            each.name() + ": nats above one token a step, over its nats",
            loss.value(),
            "ratio")
        .withLimit(LOSS_GOAL)
        .with("standard_error", loss.standardError())
        .with("prompts", completions.size())
        .with("tokens_per_forward", Judged.tokensPerForward(completions));
  }

  /** Fewer nats are no gain where they are those of a text that repeats itself more. */
  private Result entropy(Case each, Map<Case, List<Judged>> table) {
    double entropy = Judged.mean(table.getOrDefault(each, List.of()), Judged::entropy).value();
    double before = Judged.mean(reference(each, table), Judged::entropy).value();
    return Result.of(
            name(),
            each.name() + ": entropy over that of one token a step",
            entropy / before,
            "ratio")
        .withGoal(ENTROPY_GOAL)
        .with("entropy", entropy)
        .with("entropy_one_token_a_step", before);
  }
}
