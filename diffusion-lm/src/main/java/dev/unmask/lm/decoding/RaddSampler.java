package dev.unmask.lm.decoding;

import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.random.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Samples by the reverse process of absorbing diffusion with a network that takes no time (RADD,
 * arXiv:2406.03736): each step reveals every masked position with a probability that only the step
 * decides. While nothing changes the network's answer stays valid and is not asked for again.
 *
 * @param steps of the reverse process, evenly spaced in time
 * @param rate how a step's reveal probability is computed
 * @param strategy what a revealed token is drawn from
 * @param evaluation when the network is run
 * @param maskId id of masked positions and last column of the logits, which is never drawn
 */
public record RaddSampler(
    int steps, RaddRate rate, RaddStrategy strategy, Evaluation evaluation, int maskId) {
  public RaddSampler {
    DecodeSettingException.check(steps >= 1, "steps", "at least 1", steps);
  }

  /** When the network is run. All give the same distribution. */
  public enum Evaluation {
    /** At every step: the oracle of the others. */
    ALWAYS,
    /** Whenever the last step changed something, even the last mask: the published sampler. */
    EAGER,
    /** Only when a step reveals something: the paper's count of evaluations. */
    LAZY
  }

  /** The network as the sampler sees it. */
  @FunctionalInterface
  public interface Network {
    /**
     * Logits of the clean token at given positions, one forward pass.
     *
     * @return {@code [positions, V + 1]}, the mask id's column among them
     */
    double[][] logits(int[] canvas, int[] positions);
  }

  /** The sampler's uniform numbers in (0, 1). */
  @FunctionalInterface
  public interface Uniforms {
    /**
     * @param column token of the race, or the mask id for the decision whether to reveal
     */
    double uniform(int step, int position, int column);

    /** Numbers keyed by step, position and column. */
    static Uniforms keyed(KeyedRandom random) {
      return (step, position, column) -> random.uniform(step, position, column);
    }
  }

  /**
   * A sample and what it took.
   *
   * @param tokens the canvas without masked positions
   * @param nfe forward passes
   * @param updates steps that revealed something
   */
  public record Sample(int[] tokens, int nfe, int updates) {}

  /** Reveals all masked positions of a canvas; the others are never changed. */
  public Sample sample(Network network, int[] canvas, Uniforms uniforms) {
    int[] tokens = canvas.clone();
    Answer answer = new Answer(network);
    int updates = 0;
    for (int step = 0; step < steps; step++) {
      int[] masked = masked(tokens);
      boolean last = step == steps - 1;
      double reveal = last ? 1 : rate.reveal(step, steps);
      updates += step(answer, tokens, revealed(masked, step, reveal, uniforms), step, uniforms);
    }
    return new Sample(tokens, answer.nfe, updates);
  }

  private int step(Answer answer, int[] tokens, int[] revealed, int step, Uniforms uniforms) {
    switch (evaluation) {
      case ALWAYS -> answer.forget();
      case EAGER -> {}
      case LAZY -> {
        if (revealed.length == 0) {
          return 0;
        }
      }
    }
    double[][] logits = answer.at(tokens, revealed);
    for (int i = 0; i < revealed.length; i++) {
      tokens[revealed[i]] = draw(logits[i], step, revealed[i], uniforms);
    }
    if (revealed.length > 0) {
      answer.forget();
    }
    return revealed.length > 0 ? 1 : 0;
  }

  private int draw(double[] logits, int step, int position, Uniforms uniforms) {
    double[] real = logits.clone();
    real[maskId] = Double.NEGATIVE_INFINITY;
    RaddStrategy.Weighted weighted = strategy.weigh(real);
    double[] u = new double[weighted.tokens().length];
    for (int i = 0; i < u.length; i++) {
      u[i] = uniforms.uniform(step, position, weighted.tokens()[i]);
    }
    return weighted.tokens()[race(weighted.weights(), u)];
  }

  private int[] revealed(int[] masked, int step, double reveal, Uniforms uniforms) {
    return Arrays.stream(masked)
        .filter(position -> uniforms.uniform(step, position, maskId) < reveal)
        .toArray();
  }

  private int[] masked(int[] tokens) {
    List<Integer> positions = new ArrayList<>();
    for (int position = 0; position < tokens.length; position++) {
      if (tokens[position] == maskId) {
        positions.add(position);
      }
    }
    return positions.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * The published direct sampler: one race of V + 1 entrants decides at once whether and what a
   * position becomes. Gives what {@link #sample} gives under {@link RaddStrategy.Direct}, by other
   * uniform numbers.
   *
   * @param uniforms of every masked position, step and column, the mask's included
   */
  public Sample sampleByRace(Network network, int[] canvas, Uniforms uniforms) {
    int[] tokens = canvas.clone();
    Answer answer = new Answer(network);
    int updates = 0;
    for (int step = 0; step < steps; step++) {
      int[] masked = masked(tokens);
      double[][] weights = directWeights(probabilities(answer.at(tokens, masked)), step);
      boolean changed = false;
      for (int i = 0; i < masked.length; i++) {
        int token = race(weights[i], uniforms(uniforms, step, masked[i], weights[i].length));
        changed |= token != maskId;
        tokens[masked[i]] = token;
      }
      if (changed) {
        updates++;
        answer.forget();
      }
    }
    return new Sample(tokens, answer.nfe, updates);
  }

  private double[][] probabilities(double[][] logits) {
    return Arrays.stream(logits)
        .map(row -> new RaddStrategy.Direct().weigh(Arrays.copyOf(row, maskId)).weights())
        .toArray(double[][]::new);
  }

  private static double[] uniforms(Uniforms source, int step, int position, int columns) {
    double[] u = new double[columns];
    Arrays.setAll(u, column -> source.uniform(step, position, column));
    return u;
  }

  /**
   * The weights of the direct sampler's race.
   *
   * @param probabilities of the clean tokens of each position, {@code [positions, V]}
   * @return weights {@code [positions, V + 1]}, not normalised, the mask's in the last column; at
   *     the last step the published code reveals with probability 1.001, so that the mask's weight
   *     is below zero and never wins
   */
  public double[][] directWeights(double[][] probabilities, int step) {
    double reveal = step == steps - 1 ? 1 + 1e-3 : rate.reveal(step, steps);
    double[][] weights = new double[probabilities.length][];
    for (int i = 0; i < weights.length; i++) {
      double[] row = Arrays.copyOf(probabilities[i], probabilities[i].length + 1);
      for (int v = 0; v < row.length - 1; v++) {
        row[v] *= reveal;
      }
      row[row.length - 1] = 1 - reveal;
      weights[i] = row;
    }
    return weights;
  }

  /**
   * Fills one position after the other in a given order, each from a forward pass of its own.
   *
   * @param order every masked position once
   */
  public Sample sampleInOrder(Network network, int[] canvas, int[] order, Uniforms uniforms) {
    int[] tokens = canvas.clone();
    for (int step = 0; step < order.length; step++) {
      double[] logits = network.logits(tokens, new int[] {order[step]})[0];
      tokens[order[step]] = draw(logits, step, order[step], uniforms);
    }
    return new Sample(tokens, order.length, order.length);
  }

  /**
   * A draw by exponential race: the index whose weight over an exponential number is largest.
   *
   * @param weights not normalised; an entry of zero or less never wins against one above
   * @param u uniform numbers, one an entry
   */
  public static int race(double[] weights, double[] u) {
    int best = 0;
    double bestTime = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < weights.length; i++) {
      double time = weights[i] / (1e-10 - Math.log(u[i] + 1e-10));
      if (time > bestTime) {
        best = i;
        bestTime = time;
      }
    }
    return best;
  }

  /** Expected number of steps that reveal something, which is what {@code LAZY} evaluates. */
  public static double expectedUpdates(int steps, int tokens) {
    return steps * missed(steps, tokens);
  }

  /** Expected number of evaluations under {@code EAGER}. */
  public static double expectedEagerNfe(int steps, int tokens) {
    return 1 + (steps - 1) * missed(steps, tokens);
  }

  private static double missed(int steps, int tokens) {
    return 1 - Math.pow(1 - 1.0 / steps, tokens);
  }

  /** The network's last answer, kept while the canvas is unchanged. */
  private static final class Answer {
    private final Network network;
    private double @Nullable [][] logits;
    private int nfe;

    Answer(Network network) {
      this.network = network;
    }

    void forget() {
      logits = null;
    }

    double[][] at(int[] canvas, int[] positions) {
      double[][] known = logits;
      if (known == null) {
        int[] all = new int[canvas.length];
        Arrays.setAll(all, i -> i);
        known = network.logits(canvas, all);
        logits = known;
        nfe++;
      }
      double[][] rows = new double[positions.length][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = known[positions[i]];
      }
      return rows;
    }
  }
}
