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
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Takes one block after the other back in time, each by the reverse process of absorbing diffusion
 * given the finished blocks before it (BD3-LM, arXiv:2503.09573). A step of the denoising is a
 * forward pass together with those steps back in time that its answer serves. Engine thread only.
 */
public final class ReverseBlockDenoising extends CanvasDenoising {

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
  private final int endOfText;
  private final OpenCanvas canvas;
  private final int maskId;
  private final double[][] clean;
  private boolean givenUp;
  private int block;
  private int stepOfBlock;
  private int steps;
  private double time = 1;
  private int nfe;

  private ReverseBlockDenoising(
      OpenCanvas canvas, KvCache cache, Rule rule, Draws draws, int maskId, int endOfText) {
    super(canvas);
    this.canvas = canvas;
    this.cache = cache;
    this.rule = rule;
    this.draws = draws;
    this.maskId = maskId;
    this.endOfText = endOfText;
    this.clean = new double[canvas.ids().length][];
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
  public static ReverseBlockDenoising start(
      BackboneConfig shape,
      Canvas canvas,
      DecodeSettings settings,
      Tokenizer tokenizer,
      Caches caches,
      Rule rule,
      Draws draws) {
    BlockPlan plan = BlockPlan.of(shape, canvas, settings);
    OpenCanvas open = OpenCanvas.along(plan, tokenizer, AnswerEnd.of(tokenizer), settings);
    KvCache cache = caches.of(plan.positionOffset());
    return new ReverseBlockDenoising(
        open, cache, rule, draws, shape.maskId(), tokenizer.endOfText());
  }

  @Override
  protected DenoisingStep pass() {
    Block current = canvas.blocks().get(block);
    int working = block;
    ask(current);
    List<Committed> committed = new ArrayList<>();
    while (committed.isEmpty()) {
      goBack(current, committed);
    }
    if (maskedOf(current).length == 0) {
      block++;
      stepOfBlock = 0;
      givenUp = rule.degenerate().test(Arrays.copyOf(canvas.ids(), current.to()));
    }
    return new DenoisingStep(nfe, working, committed, canvas.maskedLeft());
  }

  private void ask(Block current) {
    int[] rows = maskedOf(current);
    try (ForwardPass pass = cache.denoise(canvas.ids(), current, rows)) {
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
    if (!canvas.mayEnd() && endOfText >= 0) {
      wide[endOfText] = Double.NEGATIVE_INFINITY;
    }
    return rule.distribution().apply(wide);
  }

  private int[] maskedOf(Block current) {
    return canvas.masked(current.from(), current.to());
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
      committed.add(canvas.fill(position, token, clean[position][token]));
    }
  }

  @Override
  protected boolean cutShort() {
    return givenUp;
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
    int begun = Math.min(canvas.blocks().size(), block + (stepOfBlock > 0 ? 1 : 0));
    return new DecodeReport(nfe, canvas.unmasked(), begun, cache.lookups(), cache.hits(), millis());
  }

  @Override
  public void close() {
    cache.close();
  }
}
