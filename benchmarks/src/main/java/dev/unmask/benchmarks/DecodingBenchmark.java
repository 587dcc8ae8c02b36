package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.corpus.CorpusSplit;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.decoding.policy.EntropyBound;
import dev.unmask.lm.decoding.policy.Factor;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Filling 256 masked positions after a prompt of 32 tokens of unseen text, temperature 0.8: one
 * request at a time, from the start of a request to its last token. The plain baseline is one token
 * a forward pass over the whole canvas. Policies take turns, so that whatever else happens on the
 * machine meets all of them.
 */
final class DecodingBenchmark implements Benchmark {

  static final int PROMPT = 32;
  static final int TOKENS = 256;

  private static final int REPEATS = 5;
  private static final double TEMPERATURE = 0.8;
  private static final double RATIO_GOAL = 8;
  private static final String PLAIN = "one token a step, no cache";
  private static final String ONE_CACHED = "one token a step, cache";

  /** The demo's policy, which the goal is set for. */
  private static final String DEMO = "threshold 0.5, cache";

  @Override
  public String name() {
    return "decoding";
  }

  @Override
  public String description() {
    return "256 tokens: forward time with and without cache, tokens/s and perplexity by policy";
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    CorpusSplit text = SampleText.read(options.corpus());
    Path directory = DecodingModel.directory(options, text);
    int repeats = options.repeats(REPEATS);
    try (Generator generator = Generator.open(directory, PrecisionChoice.AUTO)) {
      if (generator.config().layout() != Layout.BLOCK_CAUSAL) {
        throw new IllegalArgumentException(
            "--model needs a block diffusion model, decodes by " + generator.config().layout());
      }
      PackedSequences unseen =
          DecodingModel.pack(generator.tokenizer(), text.validation(), PROMPT + TOKENS);
      List<int[]> prompts = prompts(unseen, repeats + 1);
      results.accept(
          Result.of(name(), "model", generator.config().parameterCount(), "parameters")
              .with("layout", generator.config().layout().name())
              .with("block", generator.config().blockSize())
              .with("precision", generator.precision().name()));
      Map<String, DecodeSettings> cases = blockCases(settings(generator));
      Map<String, List<Decode>> decodes = decodeInTurns(generator, cases, prompts);
      report(decodes, results);
      forwardTimes(
          "block diffusion",
          decodes.getOrDefault(PLAIN, List.of()),
          decodes.getOrDefault(ONE_CACHED, List.of()),
          results);
      fullAttention(generator, prompts, results);
    }
  }

  private static List<int[]> prompts(PackedSequences unseen, int count) {
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(Arrays.copyOf(unseen.sequence(i * 7 % unseen.count()), PROMPT));
    }
    return prompts;
  }

  /** All 256 positions are filled: no policy gains by ending early. */
  private static DecodeSettings settings(Generator generator) {
    return generator
        .defaults()
        .withMaxTokens(TOKENS)
        .withSampling(TEMPERATURE, 1)
        .withMayEnd(false);
  }

  private static Map<String, DecodeSettings> blockCases(DecodeSettings cached) {
    Map<String, DecodeSettings> cases = new LinkedHashMap<>();
    DecodingPolicy one = new FixedTokensPerStep(1);
    cases.put(PLAIN, cached.withPolicy(one).withCache(CacheKind.NONE));
    cases.put(
        "threshold 0.5, no cache",
        cached.withPolicy(new ConfidenceThreshold(0.5)).withCache(CacheKind.NONE));
    cases.put(ONE_CACHED, cached.withPolicy(one));
    cases.put("2 tokens a step, cache", cached.withPolicy(new FixedTokensPerStep(2)));
    cases.put("4 tokens a step, cache", cached.withPolicy(new FixedTokensPerStep(4)));
    cases.put("threshold 0.9, cache", cached.withPolicy(new ConfidenceThreshold(0.9)));
    cases.put("threshold 0.7, cache", cached.withPolicy(new ConfidenceThreshold(0.7)));
    cases.put(DEMO, cached.withPolicy(new ConfidenceThreshold(0.5)));
    cases.put("factor 1, cache", cached.withPolicy(new Factor(1)));
    cases.put("entropy below 0.5 nats, cache", cached.withPolicy(new EntropyBound(0.5)));
    return cases;
  }

  /** Every case decodes every prompt; the first prompt only warms up. */
  private static Map<String, List<Decode>> decodeInTurns(
      Generator generator, Map<String, DecodeSettings> cases, List<int[]> prompts) {
    Map<String, List<Decode>> decodes = new LinkedHashMap<>();
    cases.keySet().forEach(name -> decodes.put(name, new ArrayList<>()));
    for (int i = 0; i < prompts.size(); i++) {
      int[] prompt = prompts.get(i);
      long seed = i;
      cases.forEach(
          (name, settings) -> {
            Decode decode = Decode.run(generator, prompt, settings.withSeed(seed));
            if (seed > 0) {
              decodes.getOrDefault(name, List.of()).add(decode);
            }
          });
    }
    return decodes;
  }

  private void report(Map<String, List<Decode>> decodes, Consumer<Result> results) {
    double plain = Double.NaN;
    for (Map.Entry<String, List<Decode>> entry : decodes.entrySet()) {
      List<Decode> runs = entry.getValue();
      Samples rates = Decode.samples(runs, Decode::tokensPerSecond);
      results.accept(
          Result.of(name(), entry.getKey(), rates.median(), "tokens/s")
              .with("nfe", Decode.samples(runs, Decode::nfe).median())
              .with("tokens_per_forward", Decode.samples(runs, Decode::tokensPerForward).median())
              .with("perplexity", Decode.samples(runs, Decode::perplexity).median())
              .with(rates));
      if (entry.getKey().equals(PLAIN)) {
        plain = rates.median();
        continue;
      }
      Result ratio =
          Result.of(
              name(), entry.getKey() + ", over plain decoding", rates.median() / plain, "ratio");
      results.accept(entry.getKey().equals(DEMO) ? ratio.withGoal(RATIO_GOAL) : ratio);
    }
  }

  /** Forward passes on the last block, where prompt and 248 tokens stand before it. */
  private void forwardTimes(
      String model, List<Decode> without, List<Decode> with, Consumer<Result> results) {
    Samples whole = Decode.samples(without, Decode::lastBlockMilliseconds);
    Samples cached = Decode.samples(with, Decode::lastBlockMilliseconds);
    results.accept(
        Result.of(name(), model + ", forward on the last block, no cache", whole.median(), "ms")
            .with(whole));
    results.accept(
        Result.of(name(), model + ", forward on the last block, cache", cached.median(), "ms")
            .with(cached));
    results.accept(
        Result.of(
            name(),
            model + ", forward without cache over with",
            whole.median() / cached.median(),
            "ratio"));
  }

  /**
   * The same shape with full attention; untrained, because a fixed policy's time needs no skill.
   */
  private void fullAttention(Generator blocks, List<int[]> prompts, Consumer<Result> results) {
    BackboneConfig config = blocks.config().decodingBy(Layout.FULL, 0);
    Transformer network =
        Transformer.forDecoding(config, Weights.random(config, 3), blocks.precision());
    try (Generator generator = Generator.of(network, blocks.tokenizer())) {
      DecodeSettings one =
          settings(generator).withBlockSize(32).withPolicy(new FixedTokensPerStep(1));
      Map<String, DecodeSettings> cases = new LinkedHashMap<>();
      cases.put("none", one.withCache(CacheKind.NONE));
      cases.put("prefix", one.withCache(CacheKind.PREFIX));
      cases.put("dual", one.withCache(CacheKind.DUAL));
      int repeats = Math.min(prompts.size(), 3);
      Map<String, List<Decode>> decodes =
          decodeInTurns(generator, cases, prompts.subList(0, repeats));
      decodes.forEach(
          (cache, runs) -> {
            Samples mean = Decode.samples(runs, Decode::millisecondsPerForward);
            results.accept(
                Result.of(
                        name(), "full attention, mean forward, cache " + cache, mean.median(), "ms")
                    .with(mean));
          });
    }
  }
}
