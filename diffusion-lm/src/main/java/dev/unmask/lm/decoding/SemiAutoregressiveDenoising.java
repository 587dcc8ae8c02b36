package dev.unmask.lm.decoding;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.decoding.BlockReveal.Ancestral;
import dev.unmask.lm.decoding.BlockReveal.FirstHitting;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Takes one block after the other back in time, each by the reverse process of absorbing diffusion
 * given the finished blocks before it (BD3-LM, arXiv:2503.09573). A step of the denoising is a
 * forward pass together with those steps back in time that its answer serves. Engine thread only.
 */
public final class SemiAutoregressiveDenoising implements Denoising {

  /** The sampler's random numbers; steps are counted over the whole canvas. */
  public interface Draws {
    /** The uniform number in (0, 1) of one token in the race of a step and position. */
    double uniform(int step, int position, int token);

    /** Which of the masked positions of the block is revealed first. */
    int pick(int step, int masked);

    /** The uniform number in (0, 1) that says how much earlier that happens. */
    double time(int step);

    /** Numbers keyed by step, position and token. */
    static Draws keyed(KeyedRandom random) {
      KeyedRandom order = random.split("order");
      KeyedRandom times = random.split("time");
      return new Draws() {
        @Override
        public double uniform(int step, int position, int token) {
          return random.uniform(step, position, token);
        }

        @Override
        public int pick(int step, int masked) {
          return order.nextInt(masked, step);
        }

        @Override
        public double time(int step) {
          return times.uniform(step);
        }
      };
    }
  }

  /**
   * How blocks are sampled.
   *
   * @param reveal which masks become tokens in a step
   * @param distribution from the logits of a masked position to the probabilities of its token, 0
   *     for the mask
   * @param degenerate whether the finished part of the canvas should not be gone on with; asked
   *     after every block
   */
  public record Rule(
      BlockReveal reveal, UnaryOperator<double[]> distribution, Predicate<int[]> degenerate) {}

  private final KvCache cache;
  private final Rule rule;
  private final Draws draws;
  private final Tokenizer tokenizer;
  private final AnswerText answer;
  private final BlockPlan plan;
  private final boolean mayEnd;
  private final int maskId;
  private final int[] ids;
  private final BitSet masked;
  private final double[][] clean;
  private boolean givenUp;
  private int block;
  private int stepOfBlock;
  private int steps;
  private double time = 1;
  private int settled;
  private int nfe;
  private int unmasked;
  private long nanos;

  private SemiAutoregressiveDenoising(
      KvCache cache,
      Rule rule,
      Draws draws,
      Tokenizer tokenizer,
      DecodeSettings settings,
      BlockPlan plan,
      int maskId) {
    this.cache = cache;
    this.rule = rule;
    this.draws = draws;
    this.tokenizer = tokenizer;
    this.answer = new AnswerText(tokenizer, AnswerEnd.of(tokenizer), settings.stop());
    this.plan = plan;
    this.mayEnd = settings.mayEnd() && plan.answerTo() == plan.ids().length;
    this.maskId = maskId;
    this.ids = plan.ids().clone();
    this.masked = (BitSet) plan.masked().clone();
    this.clean = new double[ids.length][];
    this.settled = plan.answerFrom();
  }

  /** What computes the blocks of a canvas whose indices lie {@code positionOffset} too low. */
  @FunctionalInterface
  public interface Caches {
    KvCache of(int positionOffset);
  }

  /**
   * Begins to fill a canvas.
   *
   * @param shape of the model, block-causal
   * @param settings block size, length of the answer and where it ends; policy, temperature and
   *     top-p are the rule's
   * @param caches make what computes the blocks, closed with the denoising
   */
  public static SemiAutoregressiveDenoising start(
      BackboneConfig shape,
      Canvas canvas,
      DecodeSettings settings,
      Tokenizer tokenizer,
      Caches caches,
      Rule rule,
      Draws draws) {
    BlockPlan plan = BlockPlan.of(shape, canvas, settings);
    return new SemiAutoregressiveDenoising(
        caches.of(plan.positionOffset()), rule, draws, tokenizer, settings, plan, shape.maskId());
  }

  @Override
  public DenoisingStep step() {
    if (finished()) {
      throw new IllegalStateException("nothing is left to denoise");
    }
    long start = System.nanoTime();
    Block current = plan.blocks().get(block);
    int working = block;
    ask(current);
    List<Committed> committed = new ArrayList<>();
    while (committed.isEmpty()) {
      goBack(current, committed);
    }
    if (masked.get(current.from(), current.to()).isEmpty()) {
      block++;
      stepOfBlock = 0;
      givenUp = rule.degenerate().test(Arrays.copyOf(ids, current.to()));
    }
    settle();
    nanos += System.nanoTime() - start;
    return new DenoisingStep(nfe, working, committed, masked.cardinality());
  }

  private void ask(Block current) {
    int[] rows = maskedOf(current);
    try (ForwardPass pass = cache.denoise(ids, current, rows)) {
      float[][] logits = pass.logitsToHost();
      for (int i = 0; i < rows.length; i++) {
        clean[rows[i]] = distribution(logits[i]);
      }
    }
    nfe++;
  }

  private double[] distribution(float[] logits) {
    double[] wide = new double[logits.length];
    Arrays.setAll(wide, token -> logits[token]);
    if (!mayEnd && tokenizer.endOfText() >= 0) {
      wide[tokenizer.endOfText()] = Double.NEGATIVE_INFINITY;
    }
    return rule.distribution().apply(wide);
  }

  private int[] maskedOf(Block current) {
    return masked.stream().filter(i -> i >= current.from() && i < current.to()).toArray();
  }

  private void goBack(Block current, List<Committed> committed) {
    int[] open = maskedOf(current);
    switch (rule.reveal()) {
      case FirstHitting ignored -> {
        time = (stepOfBlock == 0 ? 1 : time) * Math.pow(draws.time(steps), 1.0 / open.length);
        draw(open[draws.pick(steps, open.length)], committed);
      }
      case Ancestral reverse -> {
        time = reverse.time(stepOfBlock);
        for (int position : open) {
          draw(position, committed);
        }
      }
    }
    stepOfBlock++;
    steps++;
  }

  private void draw(int position, List<Committed> committed) {
    double[] weights = rule.reveal().weights(stepOfBlock, clean[position], maskId);
    double[] u = new double[weights.length];
    Arrays.setAll(u, token -> draws.uniform(steps, position, token));
    int token = RaddSampler.race(weights, u);
    if (token != maskId) {
      ids[position] = token;
      masked.clear(position);
      unmasked++;
      committed.add(new Committed(position - plan.answerFrom(), token, clean[position][token]));
    }
  }

  private void settle() {
    while (settled < plan.answerTo() && !masked.get(settled) && !answer.ended()) {
      answer.append(ids[settled++]);
    }
  }

  @Override
  public boolean finished() {
    return answer.ended() || givenUp || block == plan.blocks().size();
  }

  @Override
  public Optional<FinishReason> finishReason() {
    if (!finished()) {
      return Optional.empty();
    }
    return Optional.of(answer.ended() || givenUp ? FinishReason.STOP : FinishReason.LENGTH);
  }

  @Override
  public int[] tokens() {
    boolean early = answer.ended() || givenUp;
    int length = early ? answer.tokens() : plan.answerTo() - plan.answerFrom();
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

  /** Steps back in time so far; more than forward passes where an answer served several. */
  public int reverseSteps() {
    return steps;
  }

  /** Time of the last step back, in (0, 1]; 1 before the first. */
  public double time() {
    return time;
  }

  /** Whether text was found degenerate and not gone on with. */
  public boolean givenUp() {
    return givenUp;
  }

  @Override
  public DecodeReport report() {
    int begun = Math.min(plan.blocks().size(), block + (stepOfBlock > 0 ? 1 : 0));
    return new DecodeReport(nfe, unmasked, begun, cache.lookups(), cache.hits(), nanos / 1e6);
  }

  @Override
  public void close() {
    cache.close();
  }
}
