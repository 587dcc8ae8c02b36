package dev.unmask.lm.family.dsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.family.dsm.GaussianProcess.VarianceExploding;
import dev.unmask.lm.family.dsm.GaussianProcess.VariancePreserving;
import dev.unmask.lm.family.dsm.ScoreMatching.Weight;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Processes, losses, gradients and samplers over a Gaussian mixture, whose scores are known. */
@ReproducesKinds("dsm/mixture")
@Covers(
    method = "dsm",
    parts = {Part.TRAIN, Part.SCORE, Part.SAMPLE})
class DsmFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesEveryNumber() {
    return FixtureCase.ofKinds("dsm", "dsm/mixture")
        .flatMap(
            fixture ->
                Stream.of(
                    dynamicTest(fixture.name() + " vp", () -> run(fixture, "vp.")),
                    dynamicTest(fixture.name() + " ve", () -> run(fixture, "ve.")),
                    dynamicTest(fixture.name() + " ddpm", () -> stepwise(fixture)),
                    dynamicTest(fixture.name() + " langevin", () -> langevin(fixture)),
                    dynamicTest(fixture.name() + " least error", () -> leastError(fixture))));
  }

  private static void run(FixtureCase fixture, String name) {
    try (Mixture data = Mixture.of(fixture)) {
      Noised noised = new Noised(data, name, data.process(name));
      noised.compareProcess();
      noised.compareNetwork();
      switch (noised.process()) {
        case VarianceExploding exploding -> noised.compareSteps(exploding);
        case VariancePreserving preserving -> noised.compareSteps(preserving);
      }
    }
  }

  private static void stepwise(FixtureCase fixture) {
    try (Mixture data = Mixture.of(fixture)) {
      double[] betas = data.expected.doubles("ddpm.betas");
      StepwiseDiffusion process =
          StepwiseDiffusion.linear(betas[0], betas[betas.length - 1], betas.length);
      data.expect("ddpm.betas", process.betas());
      data.expectEach("ddpm.alpha_bar", betas.length, process::alphaBar);
      long[] index = data.expected.longs("ddpm.index");
      double[][] x = data.rows("ddpm.x_t");
      double[][] z = data.rows("z");
      double[][][] actual = new double[6][x.length][];
      double[] variance = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        int step = Math.toIntExact(index[i]);
        double left = process.alphaBar(step);
        double[] score = data.mixture().score(x[i], Math.sqrt(left), Math.sqrt(1 - left));
        double[] noise = process.noise(score, step);
        actual[0][i] = noise;
        actual[1][i] = process.clean(x[i], noise, step);
        actual[2][i] = process.mean(x[i], noise, step);
        actual[3][i] = process.ancestral(x[i], noise, step, z[i]);
        actual[4][i] = process.implicit(x[i], noise, step);
        variance[i] = process.posteriorVariance(step);
      }
      data.expect("ddpm.eps_hat", actual[0]);
      data.expect("ddpm.x0_hat", actual[1]);
      data.expect("ddpm.mean", actual[2]);
      data.expect("ddpm.ancestral_step", actual[3]);
      data.expect("ddpm.ddim_step", actual[4]);
      data.expect("ddpm.posterior_variance", variance);
    }
  }

  private static void langevin(FixtureCase fixture) {
    try (Mixture data = Mixture.of(fixture)) {
      double[] levels = data.expected.doubles("langevin.sigmas");
      double[] steps = data.expected.doubles("langevin.steps");
      data.expect(
          "langevin.sigmas",
          AnnealedLangevin.geometric(levels[0], levels[levels.length - 1], levels.length));
      int perLevel = data.expected.info("langevin.z").shape().get(1).intValue();
      AnnealedLangevin sampler = new AnnealedLangevin(levels, perLevel, steps[steps.length - 1]);
      data.expectEach("langevin.steps", levels.length, sampler::step);
      double[][] z = data.rows("langevin.z");
      double[][] x = data.rows("langevin.x_init");
      double[][] after = new double[levels.length * x.length][];
      for (int level = 0; level < levels.length; level++) {
        for (int i = 0; i < x.length; i++) {
          int point = i;
          x[i] =
              sampler.atLevel(
                  level,
                  x[i],
                  (at, sigma) -> data.mixture().score(at, 1, sigma),
                  (l, step) -> z[(l * perLevel + step) * x.length + point]);
          after[level * x.length + i] = x[i];
        }
      }
      data.expect("langevin.x_after_level", after);
    }
  }

  private static void leastError(FixtureCase fixture) {
    try (Mixture data = Mixture.of(fixture)) {
      double[] p = data.expected.doubles("gauss.params");
      data.expect(
          "gauss.min_dsm_per_dim", new double[] {ScoreMatching.leastError(p[1], p[2], p[3])});
    }
  }

  private record Mixture(
      FixtureCase fixture, Safetensors expected, GaussianMixture mixture, double[] times)
      implements AutoCloseable {
    static Mixture of(FixtureCase fixture) {
      Safetensors expected = fixture.expected();
      GaussianMixture mixture =
          new GaussianMixture(
              expected.doubles("mixture.weights"),
              rows(expected, "mixture.means"),
              expected.doubles("mixture.variances"));
      return new Mixture(fixture, expected, mixture, expected.doubles("t"));
    }

    /** The process that has the recorded noise at the first and last time. */
    GaussianProcess process(String name) {
      int last = times.length - 1;
      if (name.startsWith("ve")) {
        double[] sigma = expected.doubles("ve.sigma");
        double slope = Math.log(sigma[last] / sigma[0]) / (times[last] - times[0]);
        double least = sigma[0] * Math.exp(-slope * times[0]);
        return new VarianceExploding(least, least * Math.exp(slope));
      }
      double[] beta = expected.doubles("vp.beta");
      double slope = (beta[last] - beta[0]) / (times[last] - times[0]);
      double first = beta[0] - slope * times[0];
      return new VariancePreserving(first, first + slope);
    }

    double[][] rows(String name) {
      return rows(expected, name);
    }

    private static double[][] rows(Safetensors file, String name) {
      int columns = file.info(name).shape().getLast().intValue();
      double[] flat = file.doubles(name);
      double[][] rows = new double[flat.length / columns][];
      Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * columns, (i + 1) * columns));
      return rows;
    }

    void expectEach(String name, int count, IntToDoubleFunction actual) {
      expect(name, IntStream.range(0, count).mapToDouble(actual).toArray());
    }

    void expect(String name, double[][] actual) {
      expect(name, Arrays.stream(actual).flatMapToDouble(Arrays::stream).toArray());
    }

    void expect(String name, double[] actual) {
      double[] recorded = expected.doubles(name);
      assertThat(actual).as(name).hasSize(recorded.length);
      for (int i = 0; i < recorded.length; i++) {
        double tolerance =
            fixture.tolerance("abs") + fixture.tolerance("rel") * Math.abs(recorded[i]);
        assertThat(actual[i]).as("%s[%d]", name, i).isCloseTo(recorded[i], within(tolerance));
      }
    }

    @Override
    public void close() {
      expected.close();
    }
  }

  private record Noised(Mixture data, String name, GaussianProcess process) {
    double[] t() {
      return data.times();
    }

    double[][] x() {
      return data.rows(name + "x_t");
    }

    double[] sigmas() {
      return Arrays.stream(t()).map(process::sigma).toArray();
    }

    private interface OfPoint {
      double[] at(int point);
    }

    private void each(String tensor, OfPoint actual) {
      data.expect(
          name + tensor,
          IntStream.range(0, t().length).mapToObj(actual::at).toArray(double[][]::new));
    }

    private double[] exactScore(int i) {
      return data.mixture().score(x()[i], process.alpha(t()[i]), process.sigma(t()[i]));
    }

    void compareProcess() {
      double[][] clean = data.rows("x0");
      double[][] noise = data.rows("noise");
      data.expect(name + "alpha", Arrays.stream(t()).map(process::alpha).toArray());
      data.expect(name + "sigma", sigmas());
      each("x_t", i -> process.noised(clean[i], noise[i], t()[i]));
      each("exact_score", this::exactScore);
      data.expectEach(
          name + "exact_log_density",
          t().length,
          i -> data.mixture().logDensity(x()[i], process.alpha(t()[i]), process.sigma(t()[i])));
      each(
          "posterior_mean",
          i -> data.mixture().cleanMean(x()[i], process.alpha(t()[i]), process.sigma(t()[i])));
      each("tweedie_mean", i -> process.cleanMean(x()[i], exactScore(i), t()[i]));
      data.expectEach(
          name + "dsm_exact_score_sigma2_per_sample",
          t().length,
          i ->
              ScoreMatching.weight(process, Weight.NOISE, t()[i])
                  * ScoreMatching.error(exactScore(i), noise[i], process.sigma(t()[i])));
    }

    void compareNetwork() {
      ModelDirectory model = ModelDirectory.at(data.fixture().directory());
      try (Safetensors file = model.openWeights();
          ScorePerceptron network = ScorePerceptron.read(file)) {
        double[][] noise = data.rows("noise");
        double[][] score = network.score(x(), sigmas());
        data.expect(name + "net_score", score);

        ScorePerceptron.Loss loss =
            network.differentiate(x(), noise, sigmas(), weights(Weight.NOISE));

        data.expect(name + "dsm_loss_sigma2", new double[] {loss.value()});
        data.expect(name + "dsm_per_sample_unweighted", loss.errors());
        data.expect(name + "eps_loss", new double[] {errorOfNoise(score, noise)});
        network
            .gradients()
            .forEach((tensor, gradient) -> data.expect(name + "grad." + tensor, gradient));
        compareLikelihoodWeight(network, noise);
      }
    }

    private void compareLikelihoodWeight(ScorePerceptron network, double[][] noise) {
      if (data.expected().tensors().containsKey(name + "dsm_loss_likelihood_weight")) {
        data.expect(name + "beta", weights(Weight.LIKELIHOOD));
        double value =
            network.differentiate(x(), noise, sigmas(), weights(Weight.LIKELIHOOD)).value();
        data.expect(name + "dsm_loss_likelihood_weight", new double[] {value});
      }
    }

    private double[] weights(Weight weight) {
      return Arrays.stream(t()).map(t -> ScoreMatching.weight(process, weight, t)).toArray();
    }

    private double errorOfNoise(double[][] score, double[][] noise) {
      double sum = 0;
      for (int i = 0; i < score.length; i++) {
        for (int d = 0; d < score[i].length; d++) {
          sum += Math.pow(-process.sigma(t()[i]) * score[i][d] - noise[i][d], 2);
        }
      }
      return sum / score.length;
    }

    private double dt() {
      return data.fixture().params().get("dt").getAsDouble();
    }

    void compareSteps(VariancePreserving preserving) {
      double[][] z = data.rows("z");
      each("pf_ode_drift", i -> ReverseSteps.flow(preserving, x()[i], exactScore(i), t()[i]));
      each(
          "pf_ode_euler_step",
          i -> ReverseSteps.flowStep(preserving, x()[i], exactScore(i), t()[i], dt()));
      each(
          "reverse_sde_step",
          i -> ReverseSteps.stochastic(preserving, x()[i], exactScore(i), t()[i], dt(), z[i]));
    }

    void compareSteps(VarianceExploding exploding) {
      double[][] z = data.rows("z");
      double[] none = new double[z[0].length];
      data.expectEach("ve.sigma_prev", t().length, i -> exploding.sigma(t()[i] - dt()));
      each(
          "ancestral_step",
          i ->
              ReverseSteps.ancestral(
                  exploding, x()[i], exactScore(i), t()[i], t()[i] - dt(), z[i]));
      each(
          "ancestral_last_step_no_noise",
          i ->
              ReverseSteps.ancestral(
                  exploding, x()[i], exactScore(i), t()[i], t()[i] - dt(), none));
      each(
          "pf_ode_euler_step",
          i -> ReverseSteps.flowStep(exploding, x()[i], exactScore(i), t()[i], dt()));
    }
  }
}
