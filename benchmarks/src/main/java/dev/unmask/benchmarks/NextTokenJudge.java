package dev.unmask.benchmarks;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.cache.NoCache;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a next-token model of the same corpus says of a text. Its blocks have one token each, so
 * that one pass over the text gives the same as scoring it block by block.
 */
final class NextTokenJudge implements AutoCloseable {

  private final DiffusionModel model;
  private final Generator network;

  private NextTokenJudge(DiffusionModel model, Generator network) {
    this.model = model;
    this.network = network;
  }

  /**
   * Opens a model directory.
   *
   * @throws IllegalArgumentException if the model does not predict the next token
   */
  static NextTokenJudge open(Path directory) {
    DiffusionModel model = Families.open(directory, PrecisionChoice.F32);
    Generator network = model.blockwise().orElseThrow();
    if (network.config().blockSize() != 1) {
      model.close();
      throw new IllegalArgumentException("the judge must predict the next token: " + directory);
    }
    return new NextTokenJudge(model, network);
  }

  /** The network, still owned by the judge. */
  Generator network() {
    return network;
  }

  /**
   * Minus log-likelihood of {@code text[from..]} given what stands before, in nats per token.
   *
   * @param from at least 1: nothing predicts the first token
   */
  double natsPerToken(int[] text, int from) {
    int[] rows = IntStream.range(from, text.length).toArray();
    int[] targets = Arrays.copyOfRange(text, from, text.length);
    AttentionLayout causal = new AttentionLayout.BlockCausal(1);
    try (KvCache whole = new NoCache(network.backbone(), causal, 0);
        ForwardPass pass = whole.denoise(text, new Block(from, text.length), rows)) {
      return Arrays.stream(network.sampler().nats(pass.logits(), targets)).average().orElseThrow();
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
