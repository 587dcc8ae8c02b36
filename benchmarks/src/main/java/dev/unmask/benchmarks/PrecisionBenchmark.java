package dev.unmask.benchmarks;

import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.corpus.CorpusSplit;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.evaluation.BlockScorer;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What a number type costs and gains: forward time of a block against a cached prefix, and the loss
 * in quality of a trained model on unseen text.
 */
final class PrecisionBenchmark implements Benchmark {
  private static final int TEXTS = 24;
  private static final int LENGTH = 256;
  private static final List<PrecisionChoice> CHOICES =
      List.of(PrecisionChoice.F32, PrecisionChoice.BF16, PrecisionChoice.INT8);

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
    new BlockForward().run(options, results);
    quality(options, results);
  }

  /** Nats of a trained model on text it has not seen, and how often its first choice stays. */
  private void quality(Options options, Consumer<Result> results) {
    CorpusSplit text = SampleText.read(options.corpus());
    Path directory = DecodingModel.directory(options, text);
    double exact = Double.NaN;
    List<int[]> choices = List.of();
    for (PrecisionChoice choice : CHOICES) {
      try (Generator generator = Generator.open(directory, choice)) {
        Precision precision = generator.precision();
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

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}
