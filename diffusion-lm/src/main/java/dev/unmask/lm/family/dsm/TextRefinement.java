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
    double[] noise = noise(-1);
    this.x = embedded;
    for (int i = 0; i < x.length; i++) {
      x[i] = isGiven(i) ? embedded[i] : deviation * noise[i];
    }
  }

  private GaussianProcess process() {
    return network.config().process();
  }

  private boolean isGiven(int coordinate) {
    return given[coordinate / network.config().coordinates()];
  }

  private double[] noise(int step) {
    double[] z = new double[given.length * network.config().coordinates()];
    Arrays.setAll(z, i -> random.gaussian(i, step, 0));
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
    double[] noise = noise(pass);
    double[] next = x.clone();
    for (int token = 0; token < given.length; token++) {
      if (!given[token]) {
        double[] moved =
            last
                ? of(clean, token)
                : step(
                    of(x, token), of(clean, token), times[token], earlier[token], of(noise, token));
        System.arraycopy(moved, 0, next, token * moved.length, moved.length);
      }
    }
    return next;
  }

  private double[] of(double[] all, int token) {
    int coordinates = network.config().coordinates();
    return Arrays.copyOfRange(all, token * coordinates, (token + 1) * coordinates);
  }

  private double[] step(double[] from, double[] clean, double t, double earlier, double[] z) {
    return switch (sampler) {
      case TextSampler.Ancestral ancestral -> {
        Arrays.setAll(z, i -> z[i] * ancestral.temperature());
        yield ReverseSteps.posterior(process(), from, clean, t, earlier, z);
      }
      case TextSampler.Flow flow -> ReverseSteps.implicit(process(), from, clean, t, earlier);
      case TextSampler.Langevin langevin -> {
        double step = langevin.stepShare() * process().sigma(t) * process().sigma(t);
        yield ReverseSteps.langevin(from, process().score(from, clean, t), step, z);
      }
    };
  }

  @Override
  public Rounded rounded() {
    return rounded;
  }
}
