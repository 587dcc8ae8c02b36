package dev.unmask.lm.decoding;

import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.DiffusionTransformer;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Takes a whole canvas back in time by a {@link ReverseRule}, all open positions at each step. A
 * step of the denoising is a forward pass together with those steps back in time that its answer
 * serves; where chance changes nothing, it commits nothing. Engine thread only.
 */
public final class ReverseDenoising extends CanvasDenoising {

  /** The network as the sampler sees it. */
  @FunctionalInterface
  public interface Network {
    /**
     * Logits over all states at given positions, one forward pass.
     *
     * @return {@code [positions, states]}
     */
    double[][] logits(int[] canvas, int[] positions, double totalNoise);

    /** A network that is told the noise level, over the whole canvas each time. */
    static Network of(DiffusionTransformer network) {
      return (canvas, positions, totalNoise) -> {
        int[] all = IntStream.range(0, canvas.length).toArray();
        try (ForwardPass pass =
            network.forward(canvas, all, null, new Full(), positions, totalNoise)) {
          return pass.logitsInDouble();
        }
      };
    }
  }

  /** The sampler's random numbers. */
  public interface Draws {
    /** The uniform number in (0, 1) of one state in the race of a step and position. */
    double uniform(int step, int position, int state);

    /** A uniform state of a position before the first step. */
    int initial(int position, int states);

    /** Numbers keyed by step, position and state. */
    static Draws keyed(KeyedRandom random) {
      KeyedRandom start = random.split("initial");
      return new Draws() {
        @Override
        public double uniform(int step, int position, int state) {
          return random.uniform(step, position, state);
        }

        @Override
        public int initial(int position, int states) {
          return start.nextInt(states, position);
        }
      };
    }
  }

  private final Network network;
  private final ReverseRule rule;
  private final Draws draws;
  private final int endOfText;
  private final OpenCanvas canvas;
  private final double[][] logits;
  private int reverseStep;
  private int nfe;

  private ReverseDenoising(
      OpenCanvas canvas, Network network, ReverseRule rule, Draws draws, int endOfText) {
    super(canvas);
    this.canvas = canvas;
    this.network = network;
    this.rule = rule;
    this.draws = draws;
    this.endOfText = endOfText;
    this.logits = new double[canvas.ids().length][];
    for (int at : openPositions()) {
      canvas.place(at, rule.initial(states -> draws.initial(at, states)));
    }
  }

  /**
   * Begins to fill a canvas.
   *
   * @param shape of the model
   * @param settings the length of the answer and where it ends; policy, cache and temperature have
   *     no say here
   */
  public static ReverseDenoising start(
      BackboneConfig shape,
      Canvas canvas,
      DecodeSettings settings,
      Tokenizer tokenizer,
      Network network,
      ReverseRule rule,
      Draws draws) {
    BlockPlan plan = BlockPlan.of(shape, canvas, settings);
    OpenCanvas open = OpenCanvas.along(plan, tokenizer, AnswerEnd.of(tokenizer), settings);
    return new ReverseDenoising(open, network, rule, draws, tokenizer.endOfText());
  }

  @Override
  protected DenoisingStep pass() {
    ask();
    List<Committed> fixed = new ArrayList<>();
    boolean changed;
    do {
      changed = goBack(fixed);
    } while (rule.reusesAnswers() && !changed && !finished());
    return new DenoisingStep(nfe, 0, fixed, canvas.maskedLeft());
  }

  private int[] openPositions() {
    return canvas.masked(0, canvas.ids().length);
  }

  private void ask() {
    int[] positions = openPositions();
    double[][] rows = network.logits(canvas.ids(), positions, rule.totalNoise(reverseStep));
    for (int i = 0; i < positions.length; i++) {
      logits[positions[i]] = rows[i];
    }
    nfe++;
  }

  /** One step back in time; whether it changed the canvas. */
  private boolean goBack(List<Committed> fixed) {
    boolean last = reverseStep == rule.steps() - 1;
    boolean changed = false;
    for (int position : openPositions()) {
      int before = canvas.ids()[position];
      double[] weights = rule.weights(reverseStep, logits[position], before);
      if (!canvas.mayEnd() && endOfText >= 0) {
        weights[endOfText] = 0;
      }
      int state = draw(weights, position);
      changed |= state != before;
      if (last || rule.settles(state)) {
        fixed.add(canvas.fill(position, state, probability(weights, state)));
      } else {
        canvas.place(position, state);
      }
    }
    reverseStep++;
    return changed;
  }

  private int draw(double[] weights, int position) {
    double[] u = new double[weights.length];
    Arrays.setAll(u, state -> draws.uniform(reverseStep, position, state));
    return RaddSampler.race(weights, u);
  }

  private static double probability(double[] weights, int state) {
    double sum = Arrays.stream(weights).filter(weight -> weight > 0).sum();
    return sum > 0 ? Math.clamp(weights[state] / sum, 0, 1) : 1;
  }

  /** Steps back in time so far; more than forward passes where an answer served several. */
  public int reverseSteps() {
    return reverseStep;
  }

  @Override
  public DecodeReport report() {
    long seen = (long) nfe * canvas.ids().length;
    return new DecodeReport(nfe, canvas.unmasked(), 1, seen, 0, millis());
  }

  @Override
  public void close() {}
}
