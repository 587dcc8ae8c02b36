package dev.unmask.lm.family.dream;

import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.decoding.CanvasDenoising;
import dev.unmask.lm.decoding.DecodeReport;
import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.decoding.OpenCanvas;
import dev.unmask.lm.decoding.TokenDraw;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.random.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Blocks of Dream behind a prefix or dual cache as Fast-dLLM published them (arXiv:2505.22618). The
 * cached passes of a block start at its first token, so that the row which predicts that token is
 * missing; it is therefore taken from the block's first pass, over the whole canvas, whatever its
 * confidence. The library's own way is to compute one token more: a {@code Generator}.
 */
final class PublishedBlockDenoising extends CanvasDenoising {
  private final OpenCanvas canvas;
  private final KvCache cache;
  private final TokenDraw draw;
  private final BlockRule rule;
  private final List<Block> blocks;
  private final KeyedRandom random;
  private int block;
  private int pass;
  private int nfe;

  /** Which positions the cached passes of a block unmask. */
  interface BlockRule {
    /**
     * @param pass of the block, from 1: pass 0 is the one over the whole canvas
     * @param candidates predictions of the block's masked positions
     * @return indices into them
     */
    BitSet select(Candidates candidates, int pass);

    /** Whether the block is left after this many passes, whatever is still masked in it. */
    boolean leaves(int passes);
  }

  /**
   * @param cache of a network whose rows answer for their own positions; closed with the denoising
   */
  PublishedBlockDenoising(
      OpenCanvas canvas,
      KvCache cache,
      TokenDraw draw,
      BlockRule rule,
      List<Block> blocks,
      KeyedRandom random) {
    super(canvas);
    this.canvas = canvas;
    this.cache = cache;
    this.draw = draw;
    this.rule = rule;
    this.blocks = List.copyOf(blocks);
    this.random = random;
  }

  @Override
  protected DenoisingStep pass() {
    Block current = blocks.get(block);
    int worked = block;
    List<Committed> committed = pass == 0 ? first(current) : cached(current);
    nfe++;
    pass++;
    if (rule.leaves(pass) || masked(current).length == 0) {
      block++;
      pass = 0;
    }
    return new DenoisingStep(nfe, worked, committed, canvas.maskedLeft());
  }

  private List<Committed> first(Block current) {
    int[] position = {current.from()};
    Candidates candidates = candidates(current, position);
    return List.of(fill(candidates, 0, position));
  }

  private List<Committed> cached(Block current) {
    int[] masked = masked(current);
    Candidates candidates = candidates(current, masked);
    List<Committed> committed = new ArrayList<>();
    for (int index : rule.select(candidates, pass).stream().toArray()) {
      committed.add(fill(candidates, index, masked));
    }
    return committed;
  }

  private Committed fill(Candidates candidates, int index, int[] positions) {
    return canvas.fill(
        positions[index], candidates.tokens()[index], candidates.confidence()[index]);
  }

  private Candidates candidates(Block current, int[] positions) {
    int[] rows = Arrays.stream(positions).map(position -> Math.max(0, position - 1)).toArray();
    double[] uniforms = new double[positions.length];
    Arrays.setAll(uniforms, i -> random.uniform(positions[i], nfe));
    try (ForwardPass forward = cache.denoise(canvas.ids(), current, rows)) {
      return draw.draw(forward.logits(), uniforms, canvas.mayEnd());
    }
  }

  private int[] masked(Block current) {
    return canvas.masked(current.from(), current.to());
  }

  @Override
  public boolean finished() {
    return block == blocks.size();
  }

  @Override
  public DecodeReport report() {
    int begun = block + (pass > 0 ? 1 : 0);
    return new DecodeReport(nfe, canvas.unmasked(), begun, cache.lookups(), cache.hits(), millis());
  }

  @Override
  public void close() {
    cache.close();
  }
}
