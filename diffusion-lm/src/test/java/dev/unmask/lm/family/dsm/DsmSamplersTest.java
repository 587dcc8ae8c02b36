package dev.unmask.lm.family.dsm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.family.dsm.GaussianProcess.VarianceExploding;
import dev.unmask.lm.family.dsm.GaussianProcess.VariancePreserving;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.toys.Frequencies;
import dev.unmask.lm.toys.TabularJoint;
import dev.unmask.lm.toys.TabularNetwork;
import dev.unmask.lm.toys.Toys;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A joint distribution of tokens whose embeddings are three points on a line: the exact score of
 * the noisy embeddings, followed back by every sampler and rounded to the nearest token, draws it.
 */
@Covers(
    method = "dsm",
    parts = {Part.SAMPLE})
class DsmSamplersTest {
  private static final int LENGTH = 2;
  private static final int V = 3;
  private static final int DRAWS = 1_500;
  private static final double[] EMBEDDING = {-1, 0.2, 1.1};
  private static final TabularJoint JOINT = Toys.joint(LENGTH, V, 6);
  private static final GaussianMixture EMBEDDED = embedded();
  private static final VariancePreserving PRESERVING = new VariancePreserving();
  private static final VarianceExploding EXPLODING = new VarianceExploding(0.01, 20);
  private static final double LAST_TIME = 1e-3;

  private enum Sampler {
    ANCESTRAL,
    STOCHASTIC,
    POSTERIOR,
    IMPLICIT,
    FLOW,
    LANGEVIN
  }

  @ParameterizedTest
  @EnumSource(Sampler.class)
  void manySmallStepsDrawTheData(Sampler sampler) {
    Frequencies.expect(JOINT.probabilities(), V, DRAWS, seed -> draw(sampler, 600, seed));
  }

  @ParameterizedTest
  @EnumSource(
      value = Sampler.class,
      names = {"ANCESTRAL", "POSTERIOR", "IMPLICIT"})
  void fewLargeStepsAreFurtherFromTheData(Sampler sampler) {
    double few = distance(sampler, 3);
    assertThat(few).isGreaterThan(0.05);
    assertThat(distance(sampler, 100)).isLessThan(few / 1.5);
  }

  private static double distance(Sampler sampler, int steps) {
    double[] frequencies = new double[JOINT.probabilities().length];
    for (int seed = 0; seed < DRAWS; seed++) {
      frequencies[TabularNetwork.number(draw(sampler, steps, seed), V)] += 1.0 / DRAWS;
    }
    return Frequencies.distance(frequencies, JOINT.probabilities());
  }

  private static int[] draw(Sampler sampler, int steps, int seed) {
    KeyedRandom random = KeyedRandom.of(seed);
    double[] x =
        switch (sampler) {
          case ANCESTRAL -> exploding(steps, random);
          case LANGEVIN -> langevin(random);
          case STOCHASTIC, POSTERIOR, IMPLICIT, FLOW -> preserving(sampler, steps, random);
        };
    return Arrays.stream(x).mapToInt(DsmSamplersTest::nearest).toArray();
  }

  private static double[] preserving(Sampler sampler, int steps, KeyedRandom random) {
    double[] x = noise(random, -1);
    for (int step = 0; step < steps; step++) {
      double t = 1 - (1 - LAST_TIME) * step / steps;
      double earlier = 1 - (1 - LAST_TIME) * (step + 1) / steps;
      double[] score = EMBEDDED.score(x, PRESERVING.alpha(t), PRESERVING.sigma(t));
      double[] clean = PRESERVING.cleanMean(x, score, t);
      double[] z = noise(random, step);
      x =
          switch (sampler) {
            case STOCHASTIC -> ReverseSteps.stochastic(PRESERVING, x, score, t, t - earlier, z);
            case POSTERIOR -> ReverseSteps.posterior(PRESERVING, x, clean, t, earlier, z);
            case IMPLICIT -> ReverseSteps.implicit(PRESERVING, x, clean, t, earlier);
            case FLOW -> ReverseSteps.flowStep(PRESERVING, x, score, t, t - earlier);
            case ANCESTRAL, LANGEVIN -> throw new IllegalArgumentException("of another process");
          };
    }
    return x;
  }

  private static double[] exploding(int steps, KeyedRandom random) {
    double[] x = noise(random, -1);
    Arrays.setAll(x, i -> x[i] * EXPLODING.sigma(1));
    double[] now = x;
    for (int step = 0; step < steps; step++) {
      double t = 1 - (double) step / steps;
      double earlier = 1 - (step + 1.0) / steps;
      double[] score = EMBEDDED.score(now, 1, EXPLODING.sigma(t));
      now = ReverseSteps.ancestral(EXPLODING, now, score, t, earlier, noise(random, step));
    }
    return now;
  }

  private static double[] langevin(KeyedRandom random) {
    double[] levels = AnnealedLangevin.geometric(5, 0.05, 20);
    AnnealedLangevin sampler = new AnnealedLangevin(levels, 50, 2e-4);
    double[] x = noise(random, -1);
    Arrays.setAll(x, i -> 5 * x[i]);
    double[] now = x;
    for (int level = 0; level < levels.length; level++) {
      now =
          sampler.atLevel(
              level,
              now,
              (at, sigma) -> EMBEDDED.score(at, 1, sigma),
              (atLevel, step) -> noise(random, 1_000 * atLevel + step));
    }
    return now;
  }

  private static double[] noise(KeyedRandom random, int step) {
    double[] z = new double[LENGTH];
    Arrays.setAll(z, i -> random.gaussian(step, i, 0));
    return z;
  }

  private static int nearest(double x) {
    int best = 0;
    for (int v = 1; v < V; v++) {
      best = Math.abs(x - EMBEDDING[v]) < Math.abs(x - EMBEDDING[best]) ? v : best;
    }
    return best;
  }

  private static GaussianMixture embedded() {
    double[][] means =
        Arrays.stream(TabularNetwork.all(V, LENGTH))
            .map(sequence -> Arrays.stream(sequence).mapToDouble(v -> EMBEDDING[v]).toArray())
            .toArray(double[][]::new);
    double[] variances = new double[means.length];
    return new GaussianMixture(JOINT.probabilities(), means, variances);
  }
}
