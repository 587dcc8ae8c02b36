package dev.unmask.benchmarks;

import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionCalibration.Use;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Forward time of a block, of a part of one and of a single token against a cached prefix, with
 * random weights of 134 million parameters, beside the matrix products alone. The products take
 * their weights from where a pass takes them: every layer has its own. They are those with weights;
 * what the two products of the attention take beside them is told, too.
 */
final class BlockForward implements LibraryPart {

  private static final int PREFIX = 1024;
  private static final int BLOCK = 32;
  private static final int LAYERS = 12;
  private static final int REPEATS = 30;
  private static final int WARM_UP = 3;
  private static final double INT8_GOAL = 1.5;
  private static final double BLOCK_LIMIT = 1.25;
  private static final double SMALL_LIMIT = 1.4;
  private static final String ATTENTION = " products of the attention";
  private static final List<Precision> FLOATING = List.of(Precision.F32, Precision.BF16);

  /** 12 layers, width 768, 12 heads, feed-forward 2,048, vocabulary 32,000. */
  private static BackboneConfig shape() {
    return BackboneConfig.llama(32_000, LAYERS, 768, 12, 2048, PREFIX + BLOCK, BLOCK);
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    BackboneConfig config = shape();
    List<Precision> precisions = new ArrayList<>(FLOATING);
    precisions.add(whole(config));
    Map<Precision, Transformer> networks = new EnumMap<>(Precision.class);
    try (Weights weights = Weights.random(config, 1)) {
      for (Precision precision : precisions) {
        networks.put(precision, Transformer.forDecoding(config, weights.copy(), precision));
      }
      for (int tokens : new int[] {BLOCK, 8, 1}) {
        report(tokens, measure(config, networks, tokens, options.repeats(REPEATS)), results);
      }
    } finally {
      networks.values().forEach(Transformer::close);
    }
  }

  /** INT8 as a deployment that asks for it gets it on this machine. */
  static Precision whole(BackboneConfig config) {
    return PrecisionCalibration.resolve(
        PrecisionChoice.INT8, BackboneLoader.products(config, BLOCK), Use.DECODING);
  }

  private static Turns.Taken measure(
      BackboneConfig config, Map<Precision, Transformer> networks, int tokens, int repeats) {
    Map<Precision, KeyValues> prefixes = new EnumMap<>(Precision.class);
    Map<Precision, BareProducts> bare = new EnumMap<>(Precision.class);
    try {
      Turns turns = new Turns();
      networks.forEach(
          (precision, network) -> {
            KeyValues prefix = prefix(network);
            prefixes.put(precision, prefix);
            BareProducts products = new BareProducts(config, tokens, precision);
            bare.put(precision, products);
            turns.time(precision + " pass", () -> forward(network, prefix, tokens).close());
            turns.time(precision + " products", products::run);
            turns.time(precision + ATTENTION, () -> products.attend(PREFIX + tokens));
          });
      return turns.take(WARM_UP, repeats);
    } finally {
      prefixes.values().forEach(KeyValues::close);
      bare.values().forEach(BareProducts::close);
    }
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

  private static void report(int tokens, Turns.Taken taken, Consumer<Result> results) {
    String what =
        String.format(Locale.ROOT, "forward of %d tokens after %d cached, 134 M, ", tokens, PREFIX);
    Precision best = best(taken);
    List<Precision> precisions =
        Stream.of(Precision.values()).filter(each -> taken.has(each + " pass")).toList();
    for (Precision precision : precisions) {
      double pass = taken.median(precision + " pass");
      double products = taken.median(precision + " products");
      Result line =
          Result.of(
                  BENCHMARK,
                  what + precision + ": over its matrix products",
                  pass / products,
                  "ratio")
              .with("pass_milliseconds", pass)
              .with("products_milliseconds", products)
              .with("attention_products_milliseconds", taken.median(precision + ATTENTION))
              .with("over_both", pass / (products + taken.median(precision + ATTENTION)))
              .with("picked_by_auto", precision == best ? "yes" : "no");
      results.accept(
          precision == best ? line.withLimit(tokens == BLOCK ? BLOCK_LIMIT : SMALL_LIMIT) : line);
    }
    double gain = taken.median(best + " pass") / taken.median(precisions.getLast() + " pass");
    Result line =
        Result.of(BENCHMARK, what + "INT8 over the best floating-point precision", gain, "ratio");
    results.accept(tokens == BLOCK ? line.withGoal(INT8_GOAL) : line);
  }

  private static Precision best(Turns.Taken taken) {
    return taken.median(FLOATING.get(0) + " pass") < taken.median(FLOATING.get(1) + " pass")
        ? FLOATING.get(0)
        : FLOATING.get(1);
  }

  private static int[] ids(int from, int count) {
    return IntStream.range(from, from + count).map(i -> (31 * i + 7) % 31_999).toArray();
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}
