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
 * One canvas on its way from masks to tokens. Every {@link #step} is one forward pass, so that many
 * of these can take turns on the engine thread; nothing of one depends on the others. Engine thread
 * only.
 */
public final class Denoising implements AutoCloseable {
  private final TokenSampler sampler;
  private final KvCache cache;
  private final DecodeSettings settings;
  private final BlockPlan plan;
  private final AnswerText answer;
  private final KeyedRandom random;
  private final boolean mayEnd;
  private final int[] ids;
  private final BitSet masked;
  private int block;
  private int blocksBegun;
  private int settled;
  private int nfe;
  private int unmasked;
  private long nanos;

  /**
   * @param cache of this canvas alone, closed with the denoising
   * @param random generator of this canvas's draws
   */
  Denoising(
      TokenSampler sampler,
      KvCache cache,
      Tokenizer tokenizer,
      DecodeSettings settings,
      BlockPlan plan,
      KeyedRandom random) {
    this.sampler = sampler;
    this.cache = cache;
    this.settings = settings;
    this.plan = plan;
    this.answer = new AnswerText(tokenizer, settings.stop());
    this.random = random;
    this.mayEnd = settings.mayEnd() && plan.answerTo() == plan.ids().length;
    this.ids = plan.ids().clone();
    this.masked = (BitSet) plan.masked().clone();
    this.settled = plan.answerFrom();
  }

  /**
   * Runs one forward pass and unmasks what the policy selects of it, at least one position.
   *
   * @throws IllegalStateException if it is finished
   */
  public DenoisingStep step() {
    if (finished()) {
      throw new IllegalStateException("nothing is left to denoise");
    }
    long start = System.nanoTime();
    Block current = plan.blocks().get(block);
    if (blocksBegun == block) {
      blocksBegun++;
    }
    int[] rows =
        masked.get(current.from(), current.to()).stream().map(i -> i + current.from()).toArray();
    Candidates candidates = candidates(current, rows);
    List<Committed> committed = commit(candidates, rows);
    DenoisingStep done = new DenoisingStep(++nfe, block, committed, masked.cardinality());
    if (masked.get(current.from(), current.to()).isEmpty()) {
      block++;
    }
    settle();
    nanos += System.nanoTime() - start;
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
    for (int row : settings.policy().select(candidates, open).stream().toArray()) {
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

  /** Whether every masked position is filled or the answer has ended. */
  public boolean finished() {
    return answer.ended() || block == plan.blocks().size();
  }

  /** Why it finished; empty until then. */
  public Optional<FinishReason> finishReason() {
    if (!finished()) {
      return Optional.empty();
    }
    return Optional.of(answer.ended() ? FinishReason.STOP : FinishReason.LENGTH);
  }

  /**
   * The answer's tokens, the mask id where a position is still masked; once finished, those up to
   * the end (a token that completed a stop text is the last one, end of text is left out).
   */
  public int[] tokens() {
    int length = answer.ended() ? answer.tokens() : plan.answerTo() - plan.answerFrom();
    return Arrays.copyOfRange(ids, plan.answerFrom(), plan.answerFrom() + length);
  }

  /** Number of the answer's tokens from its start that have no masked position among them. */
  public int committedPrefix() {
    return answer.tokens();
  }

  /**
   * Text of the committed prefix that nothing to come can change or cut off: without what may still
   * turn out to be the start of a stop text or a part of a character. Only grows.
   */
  public String committedText() {
    return finished() ? answer.text() : answer.settledText();
  }

  /** The whole canvas as it stands, given tokens included, the mask id at masked positions. */
  public int[] canvas() {
    return ids.clone();
  }

  /** What it took so far. */
  public DecodeReport report() {
    return new DecodeReport(nfe, unmasked, blocksBegun, cache.lookups(), cache.hits(), nanos / 1e6);
  }

  /** Runs all remaining steps. */
  public DecodeReport finish() {
    while (!finished()) {
      step();
    }
    return report();
  }

  /** Frees the cache; a denoising may be closed before it is finished. */
  @Override
  public void close() {
    cache.close();
  }
}
