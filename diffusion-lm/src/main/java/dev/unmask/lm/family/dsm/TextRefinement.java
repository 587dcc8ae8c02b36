package dev.unmask.lm.family.dsm;

import dev.unmask.lm.decoding.RefiningDenoising.Refinement;
import dev.unmask.lm.decoding.RefiningDenoising.Rounded;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import java.util.BitSet;

/** A canvas of embeddings on its way from noise to text; given tokens keep theirs. */
final class TextRefinement implements Refinement {
  private static final double LAST_TIME = 1e-3;

  private final ScoreTransformer network;
  private final TextSampler sampler;
  private final KeyedRandom random;
  private final boolean[] given;
  private final int forbidden;
  private final TokenClocks.Clocks clocks;
  private double[] x;
  private int pass;
  private Rounded rounded = new Rounded(new int[0], new double[0]);

  /**
   * @param forbidden token that no position is rounded to, none if negative
   */
  TextRefinement(
      ScoreTransformer network,
      TextSampler sampler,
      int[] ids,
      BitSet open,
      int forbidden,
      KeyedRandom random) {
    this.network = network;
    this.sampler = sampler;
    this.forbidden = forbidden;
    this.random = random;
    this.given = new boolean[ids.length];
    this.clocks = network.config().clocks().draw(ids.length, random.split("clocks"));
    int[] visible = ids.clone();
    for (int i = 0; i < given.length; i++) {
      given[i] = !open.get(i);
      visible[i] = given[i] ? ids[i] : 0;
    }
    double[] embedded = network.embed(visible);
    GaussianProcess process = process();
    double deviation = Math.hypot(process.alpha(1), process.sigma(1));
    this.x = embedded;
    for (int token = 0; token < given.length; token++) {
      if (!given[token]) {
        double[] noise = noise(token, -1);
        Arrays.setAll(noise, i -> deviation * noise[i]);
        put(noise, x, token);
      }
    }
  }

  private GaussianProcess process() {
    return network.config().process();
  }

  private double[] noise(int token, int step) {
    double[] z = new double[network.config().coordinates()];
    Arrays.setAll(z, i -> random.gaussian(token * z.length + i, step, 0));
    return z;
  }

  @Override
  public int passes() {
    return sampler.passes();
  }

  @Override
  public void pass() {
    double t = timeOf(pass);
    double[] times = clocks.at(t, LAST_TIME);
    ScoreTransformer.Denoised denoised = network.denoise(x, given, t, times, forbidden);
    x = next(denoised.clean(), times);
    rounded = new Rounded(denoised.tokens(), denoised.probabilities());
    pass++;
  }

  /** Of the sequence, from 1 down to 0, which the last pass is told. */
  private double timeOf(int index) {
    int levels = sampler instanceof TextSampler.Langevin langevin ? langevin.levels() : passes();
    int level = index / (passes() / levels);
    return levels == 1 ? 1 : 1 - Math.min(1, (double) level / (levels - 1));
  }

  /** Every token by a step of its own; given ones stay. */
  private double[] next(double[] clean, double[] times) {
    boolean last = pass == passes() - 1;
    double[] earlier = last ? times : clocks.at(timeOf(pass + 1), LAST_TIME);
    double[] next = x.clone();
    for (int token = 0; token < given.length; token++) {
      if (!given[token]) {
        double[] goal = of(clean, token);
        put(last ? goal : step(token, goal, times[token], earlier[token]), next, token);
      }
    }
    return next;
  }

  private double[] of(double[] all, int token) {
    int coordinates = network.config().coordinates();
    return Arrays.copyOfRange(all, token * coordinates, (token + 1) * coordinates);
  }

  private static void put(double[] coordinates, double[] all, int token) {
    System.arraycopy(coordinates, 0, all, token * coordinates.length, coordinates.length);
  }

  private double[] step(int token, double[] clean, double t, double earlier) {
    double[] from = of(x, token);
    return switch (sampler) {
      case TextSampler.Ancestral ancestral -> {
        double[] z = noise(token, pass);
        Arrays.setAll(z, i -> z[i] * ancestral.temperature());
        yield ReverseSteps.posterior(process(), from, clean, t, earlier, z);
      }
      case TextSampler.Flow flow -> ReverseSteps.implicit(process(), from, clean, t, earlier);
      case TextSampler.Langevin langevin -> {
        double step = langevin.stepShare() * process().sigma(t) * process().sigma(t);
        yield ReverseSteps.langevin(
            from, process().score(from, clean, t), step, noise(token, pass));
      }
    };
  }

  @Override
  public Rounded rounded() {
    return rounded;
  }
}
