package dev.unmask.benchmarks;

import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.corpus.CorpusSplit;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.evaluation.BlockScorer;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionCalibration.Timing;
import dev.unmask.lm.torch.PrecisionCalibration.Use;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What a number type costs and gains: forward time of a block against a cached prefix, random
 * weights of 134 million parameters; and the loss in quality of a trained model on unseen text.
 */
final class PrecisionBenchmark implements Benchmark {
  private static final int PREFIX = 1024;
  private static final int BLOCK = 32;
  private static final int LAYERS = 12;
  private static final int REPEATS = 30;
  private static final int TEXTS = 24;
  private static final int LENGTH = 256;
  private static final double GAIN_GOAL = 1.5;
  private static final List<Precision> PRECISIONS =
      List.of(Precision.F32, Precision.BF16, Precision.INT8);

  @Override
  public String name() {
    return "precision";
  }

  @Override
  public String description() {
    return "F32, BF16 and INT8: forward time of a block, 134 M parameters; quality on unseen text";
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    speed(options.repeats(REPEATS), results);
    quality(options, results);
  }

  private void speed(int repeats, Consumer<Result> results) {
    BackboneConfig config =
        BackboneConfig.llama(32_000, LAYERS, 768, 12, 2048, PREFIX + BLOCK, BLOCK);
    List<Transformer> networks = new ArrayList<>();
    try (Weights weights = Weights.random(config, 1)) {
      PRECISIONS.forEach(
          precision -> networks.add(Transformer.forDecoding(config, weights.copy(), precision)));
      for (int tokens : new int[] {BLOCK, 8, 1}) {
        Map<Precision, Samples> times = inTurns(networks, tokens, repeats);
        report(config, tokens, times, results);
      }
    } finally {
      networks.forEach(Transformer::close);
    }
  }

  /** Every network's passes, a few of each at a time: the machine's mood meets all of them. */
  private static Map<Precision, Samples> inTurns(
      List<Transformer> networks, int tokens, int repeats) {
    Map<Precision, List<Double>> times = new EnumMap<>(Precision.class);
    List<KeyValues> prefixes = networks.stream().map(PrecisionBenchmark::prefix).toList();
    for (int turn = 0; turn <= repeats; turn++) {
      for (int i = 0; i < networks.size(); i++) {
        double best = Double.MAX_VALUE;
        for (int again = 0; again < 3; again++) {
          long start = System.nanoTime();
          forward(networks.get(i), prefixes.get(i), tokens).close();
          best = Math.min(best, (System.nanoTime() - start) / 1e6);
        }
        if (turn > 0) {
          times.computeIfAbsent(networks.get(i).precision(), p -> new ArrayList<>()).add(best);
        }
      }
    }
    prefixes.forEach(KeyValues::close);
    Map<Precision, Samples> samples = new EnumMap<>(Precision.class);
    times.forEach((precision, values) -> samples.put(precision, Samples.of(values)));
    return samples;
  }

  /** As decoding leaves it: block appended to block, with room for the next. */
  private static KeyValues prefix(Transformer network) {
    int first = PREFIX - BLOCK;
    KeyValues prefix;
    try (ForwardPass pass =
        network.forward(
            ids(0, first), range(0, first), null, new BlockCausal(BLOCK), new int[] {0})) {
      prefix = pass.takeKeyValues();
    }
    try (ForwardPass pass =
            network.forward(
                ids(first, BLOCK),
                range(first, PREFIX),
                prefix,
                new BlockCausal(BLOCK),
                new int[] {0});
        KeyValues last = pass.takeKeyValues()) {
      prefix.append(last);
    }
    return prefix;
  }

  private static ForwardPass forward(Transformer network, KeyValues prefix, int tokens) {
    return network.forward(
        ids(PREFIX, tokens),
        range(PREFIX, PREFIX + tokens),
        prefix,
        new BlockCausal(BLOCK),
        range(0, tokens));
  }

  private void report(
      BackboneConfig config, int tokens, Map<Precision, Samples> times, Consumer<Result> results) {
    String what = "forward of %d tokens after %d cached, ".formatted(tokens, PREFIX);
    Map<Precision, Double> products = productMillis(config, tokens);
    times.forEach(
        (precision, samples) -> {
          Result line = Result.of(name(), what + precision, samples.median(), "ms").with(samples);
          Double bare = products.get(precision);
          results.accept(
              bare == null
                  ? line
                  : line.with("products_ms", bare).with("over_products", samples.median() / bare));
        });
    double best = Math.min(median(times, Precision.F32), median(times, Precision.BF16));
    Result gain =
        Result.of(
            name(),
            what + "INT8 over the best floating-point precision",
            best / median(times, Precision.INT8),
            "ratio");
    results.accept(tokens == BLOCK ? gain.withGoal(GAIN_GOAL) : gain);
  }

  private static double median(Map<Precision, Samples> times, Precision precision) {
    Samples samples = times.get(precision);
    return samples == null ? Double.NaN : samples.median();
  }

  /** Milliseconds of a pass's matrix products alone, by number type. */
  private static Map<Precision, Double> productMillis(BackboneConfig config, int tokens) {
    List<PrecisionCalibration.Product> products = BackboneLoader.products(config, tokens);
    PrecisionCalibration.Product vocabulary = products.getLast();
    Map<Precision, Double> millis = new EnumMap<>(Precision.class);
    for (Timing timing : PrecisionCalibration.of(products, Use.DECODING).timings()) {
      int times = timing.product().equals(vocabulary) ? 1 : LAYERS;
      millis.merge(timing.precision(), times * timing.micros() / 1e3, Double::sum);
    }
    return millis;
  }

  /** Nats of a trained model on text it has not seen, and how often its first choice stays. */
  private void quality(Options options, Consumer<Result> results) {
    CorpusSplit text = SampleText.read(options.corpus());
    Path directory = DecodingModel.directory(options, text);
    double exact = Double.NaN;
    List<int[]> choices = List.of();
    for (Precision precision : PRECISIONS) {
      try (Generator generator =
          Generator.open(directory, PrecisionChoice.valueOf(precision.name()))) {
        List<int[]> texts = texts(generator, text, options.repeats(TEXTS));
        double nats =
            texts.stream()
                .mapToDouble(tokens -> BlockScorer.score(generator, tokens, 0).natsPerToken())
                .average()
                .orElseThrow();
        List<int[]> first =
            texts.stream().map(tokens -> choices(generator.backbone(), tokens)).toList();
        Result line =
            Result.of(name(), "unseen text, " + precision, nats, "nats/token")
                .with("tokens", texts.size() * LENGTH);
        if (precision == Precision.F32) {
          exact = nats;
          choices = first;
          results.accept(line);
        } else {
          results.accept(
              line.with("loss_percent", 100 * (nats - exact) / exact)
                  .with("same_first_choice", agreement(choices, first)));
        }
      }
    }
  }

  private static List<int[]> texts(Generator generator, CorpusSplit text, int count) {
    PackedSequences unseen = DecodingModel.pack(generator.tokenizer(), text.validation(), LENGTH);
    return IntStream.range(0, Math.min(count, unseen.count())).mapToObj(unseen::sequence).toList();
  }

  private static int[] choices(Backbone network, int[] tokens) {
    int[] all = range(0, tokens.length);
    BlockCausal layout = new BlockCausal(network.config().blockSize());
    try (ForwardPass pass = network.forward(tokens, all, null, layout, all)) {
      float[][] logits = pass.logitsToHost();
      return IntStream.range(0, logits.length).map(row -> largest(logits[row])).toArray();
    }
  }

  private static int largest(float[] values) {
    return IntStream.range(0, values.length)
        .reduce((a, b) -> values[b] > values[a] ? b : a)
        .orElseThrow();
  }

  private static double agreement(List<int[]> one, List<int[]> other) {
    long same = 0;
    long all = 0;
    for (int i = 0; i < one.size(); i++) {
      for (int at = 0; at < one.get(i).length; at++) {
        same += one.get(i)[at] == other.get(i)[at] ? 1 : 0;
        all++;
      }
    }
    return (double) same / all;
  }

  private static int[] ids(int from, int count) {
    return IntStream.range(from, from + count).map(i -> (31 * i + 7) % 31_999).toArray();
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}
