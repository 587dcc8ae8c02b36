package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionCalibration.Use;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.function.Consumer;

/**
 * 1,024 tokens by block diffusion in blocks of 32, one token a forward pass, with the block cache
 * and without. Random weights: the time of one token a pass does not depend on what was learned.
 */
final class CachedGeneration implements LibraryPart {

  private static final int TOKENS = 1024;
  private static final int BLOCK = 32;
  private static final double GOAL = 8;

  @Override
  public void run(Options options, Consumer<Result> results) {
    int tokens = options.quick() ? 4 * BLOCK : TOKENS;
    try (Generator generator = generator()) {
      DecodeSettings cached =
          generator
              .defaults()
              .withMaxTokens(tokens)
              .withMayEnd(false)
              .withPolicy(new FixedTokensPerStep(1));
      int[] prompt = new ByteTokenizer().encode("To be, or not to be, that is the question: ");
      Decode.run(generator, prompt, cached.withMaxTokens(BLOCK)); // warms up
      Decode with = Decode.run(generator, prompt, cached);
      Decode without = Decode.run(generator, prompt, cached.withCache(CacheKind.NONE));
      results.accept(
          Result.of(
                  BENCHMARK,
                  "generation of %d tokens, blocks of %d, one token a pass: uncached time over"
                          .formatted(tokens, BLOCK)
                      + " cached",
                  without.milliseconds() / with.milliseconds(),
                  "ratio")
              .withGoal(GOAL)
              .with("parameters", generator.config().parameterCount())
              .with("precision", generator.precision().name())
              .with("cached_passes", with.nfe())
              .with("uncached_passes", without.nfe())
              .with("cached_milliseconds_a_pass", with.millisecondsPerForward())
              .with("uncached_milliseconds_a_pass", without.millisecondsPerForward()));
    }
  }

  /** 12 million parameters, as in the rows on training. */
  static Generator generator() {
    ByteTokenizer tokenizer = new ByteTokenizer();
    BackboneConfig config =
        BackboneConfig.llama(tokenizer.maskId() + 1, 6, 384, 6, 1024, 2 * TOKENS, BLOCK)
            .decodingBy(Layout.BLOCK_CAUSAL, BLOCK);
    Precision precision =
        PrecisionCalibration.resolve(
            PrecisionChoice.AUTO, BackboneLoader.products(config, BLOCK), Use.DECODING);
    return Generator.of(
        Transformer.forDecoding(config, Weights.random(config, 1), precision), tokenizer);
  }
}
