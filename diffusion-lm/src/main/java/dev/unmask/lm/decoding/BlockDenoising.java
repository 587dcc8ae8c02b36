package dev.unmask.lm.decoding;

import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Fills the masked positions of a canvas block by block, as a policy says, with what a cache keeps
 * between forward passes. Engine thread only.
 */
final class BlockDenoising implements Denoising {
  private final TokenSampler sampler;
  private final KvCache cache;
  private final DecodeSettings settings;
  private final BlockPlan plan;
  private final AnswerEnd end;
  private final AnswerText answer;
  private final KeyedRandom random;
  private final boolean mayEnd;
  private final int[] ids;
  private final BitSet masked;
  private int block;
  private int blocksBegun;
  private int stepsOfBlock;
  private int settled;
  private int nfe;
  private int unmasked;
  private long nanos;

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
    this.sampler = sampler;
    this.cache = cache;
    this.settings = settings;
    this.plan = plan;
    this.end = end;
    this.answer = new AnswerText(tokenizer, end, settings.stop());
    this.random = random;
    this.mayEnd = settings.mayEnd() && plan.endsOpen();
    this.ids = plan.ids().clone();
    this.masked = (BitSet) plan.masked().clone();
    this.settled = plan.answerFrom();
  }

  @Override
  public DenoisingStep step() {
    if (finished()) {
      throw new IllegalStateException("nothing is left to denoise");
    }
    long start = System.nanoTime();
    int owed = cache.owed(edge());
    DenoisingStep done = owed > 0 ? store(owed) : denoise();
    nanos += System.nanoTime() - start;
    return done;
  }

  /** Start of the block in work, or the end of the last one. */
  private int edge() {
    List<Block> blocks = plan.blocks();
    return block < blocks.size() ? blocks.get(block).from() : blocks.getLast().to();
  }

  private DenoisingStep store(int end) {
    cache.store(ids, end);
    return new DenoisingStep(++nfe, block, List.of(), masked.cardinality());
  }

  private DenoisingStep denoise() {
    Block current = plan.blocks().get(block);
    if (blocksBegun == block) {
      blocksBegun++;
      stepsOfBlock = 0;
    }
    int[] rows =
        masked.get(current.from(), current.to()).stream().map(i -> i + current.from()).toArray();
    Candidates candidates = candidates(current, rows);
    List<Committed> committed = commit(candidates, rows);
    DenoisingStep done = new DenoisingStep(++nfe, block, committed, masked.cardinality());
    if (masked.get(current.from(), current.to()).isEmpty()) {
      block++;
    }
    stepsOfBlock++;
    settle();
    return done;
  }

  private Candidates candidates(Block current, int[] rows) {
    double[] uniforms = new double[rows.length];
    Arrays.setAll(uniforms, i -> random.uniform(rows[i], nfe));
    try (ForwardPass pass = cache.denoise(ids, current, rows)) {
      return sampler.draw(pass.logits(), uniforms, settings.temperature(), settings.topP(), mayEnd);
    }
  }

  private List<Committed> commit(Candidates candidates, int[] rows) {
    BitSet open = new BitSet();
    open.set(0, rows.length);
    List<Committed> committed = new ArrayList<>();
    DecodingPolicy policy = settings.policy().atStep(stepsOfBlock, settings.blockSize());
    for (int row : policy.select(candidates, open).stream().toArray()) {
      int position = rows[row];
      ids[position] = candidates.tokens()[row];
      masked.clear(position);
      unmasked++;
      committed.add(
          new Committed(position - plan.answerFrom(), ids[position], candidates.confidence()[row]));
    }
    return committed;
  }

  private void settle() {
    while (settled < plan.answerTo() && !masked.get(settled) && !answer.ended()) {
      answer.append(ids[settled++]);
    }
  }

  @Override
  public boolean finished() {
    boolean filled = block == plan.blocks().size();
    if (!end.fillsBlock()) {
      return filled || answer.ended();
    }
    boolean betweenBlocks = blocksBegun == block;
    return (filled || answer.ended() && betweenBlocks) && cache.owed(edge()) == 0;
  }

  @Override
  public int frontier() {
    int owed = cache.owed(edge());
    return owed > 0 ? owed + 1 : plan.blocks().get(block).to();
  }

  @Override
  public Optional<FinishReason> finishReason() {
    if (!finished()) {
      return Optional.empty();
    }
    return Optional.of(answer.ended() ? FinishReason.STOP : FinishReason.LENGTH);
  }

  @Override
  public int[] tokens() {
    int length = answer.ended() ? answer.tokens() : plan.answerTo() - plan.answerFrom();
    return Arrays.copyOfRange(ids, plan.answerFrom(), plan.answerFrom() + length);
  }

  @Override
  public int committedPrefix() {
    return answer.tokens();
  }

  @Override
  public String committedText() {
    return finished() ? answer.text() : answer.settledText();
  }

  @Override
  public int[] canvas() {
    return ids.clone();
  }

  @Override
  public DecodeReport report() {
    return new DecodeReport(nfe, unmasked, blocksBegun, cache.lookups(), cache.hits(), nanos / 1e6);
  }

  @Override
  public void close() {
    cache.close();
  }
}
