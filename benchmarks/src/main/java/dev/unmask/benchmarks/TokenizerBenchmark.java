package dev.unmask.benchmarks;

import dev.unmask.lm.corpus.CorpusSplit;
import dev.unmask.lm.tokenizer.BytePairTokenizer;
import dev.unmask.lm.tokenizer.BytePairTrainer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** Learning a vocabulary and encoding text with it, on one thread. */
final class TokenizerBenchmark implements Benchmark {

  private static final int VOCABULARY = 1024;
  private static final int REPEATS = 7;

  @Override
  public String name() {
    return "tokenizer";
  }

  @Override
  public String description() {
    return "byte-pair encoding: seconds to learn 1024 tokens, megabytes encoded a second";
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    CorpusSplit split = SampleText.read(options.corpus());
    List<String> texts = split.training();
    long bytes =
        texts.stream().mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length).sum();
    int repeats = options.repeats(REPEATS);
    Samples learning =
        Samples.milliseconds(1, repeats, () -> BytePairTrainer.train(texts, VOCABULARY))
            .map(milliseconds -> milliseconds / 1e3);
    results.accept(
        Result.of(name(), "learn 1024 tokens", learning.median(), "s")
            .with("bytes", bytes)
            .with(learning));

    BytePairTokenizer warm = BytePairTrainer.train(texts, VOCABULARY);
    Samples encoding = encoding(warm, texts, bytes, 1, repeats);
    results.accept(
        Result.of(name(), "encode, pieces seen before", encoding.median(), "MB/s").with(encoding));
    results.accept(cold(texts, bytes, repeats));
    double tokens = texts.stream().mapToLong(text -> warm.encode(text).length).sum();
    results.accept(Result.of(name(), "bytes a token", bytes / tokens, "bytes"));
  }

  /** A new tokenizer each time, so that no piece is known. */
  private Result cold(List<String> texts, long bytes, int repeats) {
    double[] rates = new double[repeats];
    for (int i = 0; i < repeats; i++) {
      BytePairTokenizer fresh = BytePairTrainer.train(texts, VOCABULARY);
      rates[i] = encoding(fresh, texts, bytes, 0, 1).median();
    }
    Samples samples = Samples.of(rates);
    return Result.of(name(), "encode, first time", samples.median(), "MB/s").with(samples);
  }

  private static Samples encoding(
      BytePairTokenizer tokenizer, List<String> texts, long bytes, int warmUp, int repeats) {
    return Samples.milliseconds(warmUp, repeats, () -> texts.forEach(tokenizer::encode))
        .map(milliseconds -> bytes / milliseconds / 1e3);
  }
}
