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
    ScoreTransformer.Denoised denoised = network.denoise(x, given, t, forbidden);
    double[] next = next(denoised.clean(), t);
    for (int i = 0; i < x.length; i++) {
      x[i] = isGiven(i) ? x[i] : next[i];
    }
    rounded = new Rounded(denoised.tokens(), denoised.probabilities());
    pass++;
  }

  /** From 1 down to the last time, which the last pass is told. */
  private double timeOf(int index) {
    int levels = sampler instanceof TextSampler.Langevin langevin ? langevin.levels() : passes();
    int level = index / (passes() / levels);
    return levels == 1 ? 1 : 1 - (1 - LAST_TIME) * Math.min(1, (double) level / (levels - 1));
  }

  private double[] next(double[] clean, double t) {
    if (pass == passes() - 1) {
      return clean;
    }
    double earlier = timeOf(pass + 1);
    return switch (sampler) {
      case TextSampler.Ancestral ancestral -> {
        double[] z = noise(pass);
        Arrays.setAll(z, i -> z[i] * ancestral.temperature());
        yield ReverseSteps.posterior(process(), x, clean, t, earlier, z);
      }
      case TextSampler.Flow flow -> ReverseSteps.implicit(process(), x, clean, t, earlier);
      case TextSampler.Langevin langevin -> {
        double step = langevin.stepShare() * process().sigma(t) * process().sigma(t);
        double[] score = process().score(x, clean, t);
        yield ReverseSteps.langevin(x, score, step, noise(pass));
      }
    };
  }

  @Override
  public Rounded rounded() {
    return rounded;
  }
}
