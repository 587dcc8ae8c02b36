package dev.unmask.benchmarks;

import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.evaluation.BlockScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One completion and what it took.
 *
 * @param tokens unmasked
 * @param nfe forward passes
 * @param milliseconds from the start of the request to its last token
 * @param lastBlockMilliseconds median step on the last block but for its first, which also stores
 *     the block before it
 * @param perplexity of the completion given the prompt, scored block by block by the same model
 */
record Decode(
    int tokens, int nfe, double milliseconds, double lastBlockMilliseconds, double perplexity) {

  static Decode run(Generator generator, int[] prompt, DecodeSettings settings) {
    List<Double> lastBlock = new ArrayList<>();
    int current = -1;
    long start = System.nanoTime();
    try (Denoising denoising = generator.start(new Canvas.Completion(prompt), settings)) {
      while (!denoising.finished()) {
        long stepStart = System.nanoTime();
        DenoisingStep step = denoising.step();
        double time = (System.nanoTime() - stepStart) / 1e6;
        if (step.block() != current) {
          current = step.block();
          lastBlock.clear();
        } else {
          lastBlock.add(time);
        }
      }
      double milliseconds = (System.nanoTime() - start) / 1e6;
      int[] text = denoising.canvas();
      return new Decode(
          settings.maxTokens(),
          denoising.report().nfe(),
          milliseconds,
          lastBlock.isEmpty() ? Double.NaN : Samples.of(lastBlock).median(),
          perplexity(generator, text, prompt.length));
    }
  }

  private static double perplexity(Generator generator, int[] text, int from) {
    boolean blocks = generator.config().blockSize() > 0;
    return blocks ? BlockScorer.score(generator, text, from).perplexity() : Double.NaN;
  }

  static Samples samples(List<Decode> runs, ToDoubleFunction<Decode> value) {
    return Samples.of(runs.stream().mapToDouble(value).toArray());
  }

  double tokensPerSecond() {
    return tokens / milliseconds * 1e3;
  }

  double tokensPerForward() {
    return (double) tokens / nfe;
  }

  double millisecondsPerForward() {
    return milliseconds / nfe;
  }
}
