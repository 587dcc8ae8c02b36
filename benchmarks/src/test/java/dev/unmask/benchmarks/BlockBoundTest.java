package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.NoCache;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.evaluation.BlockScorer;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.torch.Precision;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockBoundTest {

  private static final ByteTokenizer TOKENIZER = new ByteTokenizer();
  private static final int[] TEXT = TOKENIZER.encode("to be or not");

  @Test
  void isTheLikelihoodItselfForBlocksOfOneToken() {
    try (Generator model = model(Decoding.blocks(1).shifted())) {
      assertThat(BlockBound.natsPerToken(model, List.of(TEXT), 1))
          .isCloseTo(BlockScorer.score(model, TEXT, 1).natsPerToken(), within(1e-4));
    }
  }

  @Test
  void averagesToTheMeanOverBothOrdersOfABlockOfTwo() {
    int[] text = {TEXT[0], TEXT[1], TEXT[2], TEXT[3]};
    int mask = TOKENIZER.maskId();
    try (Generator model = model(Decoding.blocks(2))) {
      // The first block scores its second token alone; the other block is half one mask, of
      // either token and counted twice, half two masks.
      double first = nats(model, text, 1, new int[] {text[0], mask}, 0);
      double left = nats(model, text, 2, new int[] {text[0], text[1], mask, text[3]}, 2);
      double right = nats(model, text, 3, new int[] {text[0], text[1], text[2], mask}, 2);
      double both =
          nats(model, text, 2, new int[] {text[0], text[1], mask, mask}, 2)
              + nats(model, text, 3, new int[] {text[0], text[1], mask, mask}, 2);
      double expected = (first + (left + right) / 2 + both / 2) / 3;

      double mean = BlockBound.natsPerToken(model, Collections.nCopies(2_000, text), 1);

      assertThat(mean).isCloseTo(expected, within(0.02 * expected));
    }
  }

  @Test
  void drawsTheSameMasksForTheSameSeed() {
    try (Generator model = model(Decoding.blocks(4))) {
      List<int[]> rows = List.of(TEXT, TEXT);
      double once = BlockBound.natsPerToken(model, rows, 1);

      assertThat(BlockBound.natsPerToken(model, rows, 1)).isEqualTo(once);
      assertThat(BlockBound.natsPerToken(model, rows, 2)).isNotEqualTo(once);
    }
  }

  private static double nats(Generator model, int[] text, int at, int[] canvas, int from) {
    try (NoCache cache = new NoCache(model.backbone(), new AttentionLayout.BlockCausal(2), 0);
        ForwardPass pass = cache.denoise(canvas, new Block(from, canvas.length), new int[] {at})) {
      return model.sampler().nats(pass.logits(), new int[] {text[at]})[0];
    }
  }

  private static Generator model(Decoding decoding) {
    BackboneConfig config =
        BackboneConfig.llama(TOKENIZER.maskId() + 1, 1, 16, 2, 32, 64, 4).decodingBy(decoding);
    return Generator.of(
        Transformer.forDecoding(config, Weights.random(config, 1), Precision.F32), TOKENIZER);
  }
}
