package dev.unmask.lm.decoding;

import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Fills the masked positions of a canvas block by block, as a policy says, with what a cache keeps
 * between forward passes. Engine thread only.
 */
final class BlockDenoising extends CanvasDenoising {
  private final TokenSampler sampler;
  private final KvCache cache;
  private final DecodeSettings settings;
  private final BlockPlan plan;
  private final AnswerEnd end;
  private final OpenCanvas canvas;
  private final KeyedRandom random;
  private int block;
  private int blocksBegun;
  private int stepsOfBlock;
  private int nfe;

  /**
   * @param cache of this canvas alone, closed with the denoising
   * @param random generator of this canvas's draws
   */
  BlockDenoising(
      TokenSampler sampler,
      KvCache cache,
      Tokenizer tokenizer,
      DecodeSettings settings,
      BlockPlan plan,
      AnswerEnd end,
      KeyedRandom random) {
    this(
        sampler,
        cache,
        settings,
        plan,
        end,
        OpenCanvas.along(plan, tokenizer, end, settings),
        random);
  }

  private BlockDenoising(
      TokenSampler sampler,
      KvCache cache,
      DecodeSettings settings,
      BlockPlan plan,
      AnswerEnd end,
      OpenCanvas canvas,
      KeyedRandom random) {
    super(canvas);
    this.canvas = canvas;
    this.sampler = sampler;
    this.cache = cache;
    this.settings = settings;
    this.plan = plan;
    this.end = end;
    this.random = random;
  }

  @Override
  protected DenoisingStep pass() {
    int owed = cache.owed(edge());
    return owed > 0 ? store(owed) : denoise();
  }

  /** Start of the block in work, or the end of the last one. */
  private int edge() {
    List<Block> blocks = plan.blocks();
    return block < blocks.size() ? blocks.get(block).from() : blocks.getLast().to();
  }

  private DenoisingStep store(int end) {
    cache.store(canvas.ids(), end);
    return new DenoisingStep(++nfe, block, List.of(), canvas.maskedLeft());
  }

  private DenoisingStep denoise() {
    Block current = plan.blocks().get(block);
    if (blocksBegun == block) {
      blocksBegun++;
      stepsOfBlock = 0;
    }
    int[] rows = canvas.masked(current.from(), current.to());
    Candidates candidates = candidates(current, rows);
    List<Committed> committed = commit(candidates, rows);
    DenoisingStep done = new DenoisingStep(++nfe, block, committed, canvas.maskedLeft());
    if (canvas.masked(current.from(), current.to()).length == 0) {
      block++;
    }
    stepsOfBlock++;
    return done;
  }

  private Candidates candidates(Block current, int[] rows) {
    double[] uniforms = new double[rows.length];
    Arrays.setAll(uniforms, i -> random.uniform(rows[i], nfe));
    try (ForwardPass pass = cache.denoise(canvas.ids(), current, rows)) {
      return sampler.draw(
          pass.logits(),
          uniforms,
          new TokenSampler.Filter(settings.temperature(), settings.topK(), settings.topP()),
          canvas.mayEnd());
    }
  }

  private List<Committed> commit(Candidates candidates, int[] rows) {
    BitSet open = new BitSet();
    open.set(0, rows.length);
    List<Committed> committed = new ArrayList<>();
    DecodingPolicy policy = settings.policy().atStep(stepsOfBlock, settings.blockSize());
    for (int row : policy.select(candidates, open).stream().toArray()) {
      committed.add(canvas.fill(rows[row], candidates.tokens()[row], candidates.confidence()[row]));
    }
    return committed;
  }

  @Override
  public boolean finished() {
    boolean filled = block == plan.blocks().size();
    if (!end.fillsBlock()) {
      return filled || canvas.ended();
    }
    boolean betweenBlocks = blocksBegun == block;
    return (filled || canvas.ended() && betweenBlocks) && cache.owed(edge()) == 0;
  }

  @Override
  public int frontier() {
    int owed = cache.owed(edge());
    return owed > 0 ? owed + 1 : plan.blocks().get(block).to();
  }

  @Override
  public DecodeReport report() {
    return new DecodeReport(
        nfe, canvas.unmasked(), blocksBegun, cache.lookups(), cache.hits(), millis());
  }

  @Override
  public void close() {
    cache.close();
  }
}
