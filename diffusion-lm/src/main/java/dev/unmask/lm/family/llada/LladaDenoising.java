package dev.unmask.lm.family.llada;

import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.decoding.CanvasDenoising;
import dev.unmask.lm.decoding.DecodeReport;
import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.decoding.OpenCanvas;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Semi-autoregressive decoding of a full-attention model: blocks from left to right, each over a
 * number of passes (LLaDA, arXiv:2502.09992; behind caches Fast-dLLM, arXiv:2505.22618). Engine
 * thread only.
 */
final class LladaDenoising extends CanvasDenoising {
  private final OpenCanvas canvas;
  private final KvCache network;
  private final LladaDraw draw;
  private final DecodingPolicy policy;
  private final BlockLoop loop;
  private int block;
  private int pass;
  private int nfe;

  /**
   * @param network closed with the denoising
   */
  LladaDenoising(
      OpenCanvas canvas, KvCache network, LladaDraw draw, DecodingPolicy policy, BlockLoop loop) {
    super(canvas);
    this.canvas = canvas;
    this.network = network;
    this.draw = draw;
    this.policy = policy;
    this.loop = loop;
  }

  @Override
  protected DenoisingStep pass() {
    int worked = block;
    Block current = canvas.blocks().get(block);
    List<Committed> committed = commit(current, candidatesOf(current));
    nfe++;
    pass++;
    if (loop.leaves(pass, canvas.masked(current.from(), current.to()).length == 0)) {
      block++;
      pass = 0;
    }
    return new DenoisingStep(nfe, worked, committed, canvas.maskedLeft());
  }

  /** A block's first pass sees the whole canvas and makes up for masks left in earlier blocks. */
  private int[] candidatesOf(Block current) {
    return canvas.masked(pass == 0 ? 0 : current.from(), current.to());
  }

  private List<Committed> commit(Block current, int[] positions) {
    if (positions.length == 0) {
      network.denoise(canvas.ids(), current, new int[] {current.from()}).close();
      return List.of();
    }
    Candidates drawn;
    try (ForwardPass forward = network.denoise(canvas.ids(), current, positions)) {
      drawn = draw.draw(forward.logits(), positions, nfe, canvas.mayEnd());
    }
    BitSet all = new BitSet();
    all.set(0, positions.length);
    Candidates ranked = draw.ranked(drawn, positions, nfe);
    List<Committed> committed = new ArrayList<>();
    for (int i : policy.atStep(pass, current.size()).select(ranked, all).stream().toArray()) {
      committed.add(canvas.fill(positions[i], drawn.tokens()[i], drawn.confidence()[i]));
    }
    return committed;
  }

  @Override
  public boolean finished() {
    boolean moreWork = loop.end() == OpenCanvas.End.CUTS || !canvas.finished();
    return block == canvas.blocks().size() || !moreWork;
  }

  @Override
  public DecodeReport report() {
    int begun = block + (pass > 0 ? 1 : 0);
    return new DecodeReport(
        nfe, canvas.unmasked(), begun, network.lookups(), network.hits(), millis());
  }

  @Override
  public void close() {
    network.close();
  }
}
