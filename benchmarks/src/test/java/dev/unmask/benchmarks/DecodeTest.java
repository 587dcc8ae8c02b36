package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.torch.Precision;
import org.junit.jupiter.api.Test;

class DecodeTest {

  private static final int[] PROMPT = {'t', 'h', 'e', ' '};

  @Test
  void countsEveryForwardPassAndTokenOfARequest() {
    ByteTokenizer tokenizer = new ByteTokenizer();
    BackboneConfig config = BackboneConfig.llama(tokenizer.maskId() + 1, 1, 16, 2, 32, 64, 4);
    Transformer network = Transformer.forDecoding(config, Weights.random(config, 1), Precision.F32);

    try (Generator generator = Generator.of(network, tokenizer)) {
      DecodeSettings one =
          generator
              .defaults()
              .withMaxTokens(16)
              .withMayEnd(false)
              .withPolicy(new FixedTokensPerStep(1));
      Decode cached = Decode.run(generator, PROMPT, one);
      Decode plain = Decode.run(generator, PROMPT, one.withCache(CacheKind.NONE));
      Decode parallel = Decode.run(generator, PROMPT, one.withPolicy(new FixedTokensPerStep(4)));

      assertThat(cached.nfe()).isEqualTo(16);
      assertThat(cached.tokens()).isEqualTo(16);
      assertThat(cached.perplexity()).isCloseTo(plain.perplexity(), within(1e-3));
      assertThat(parallel.nfe()).isEqualTo(4);
      assertThat(parallel.tokensPerForward()).isEqualTo(4);
      assertThat(cached.lastBlockMilliseconds()).isPositive();
      assertThat(parallel.lastBlockMilliseconds()).isNaN();
    }
  }
}
