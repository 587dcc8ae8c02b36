package dev.unmask.lm.family.sedd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.backbone.DiffusionTransformer;
import dev.unmask.lm.backbone.DitLoader;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.corruption.TokenGraph;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.FixtureGradients;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scores, losses, gradients and reverse-step weights of SEDD's published code. */
@ReproducesKinds("sedd/losses")
@Covers(
    method = "sedd",
    parts = {Part.TRAIN, Part.LOAD})
class SeddLossFixturesTest {
  static Stream<FixtureCase> losses() {
    return FixtureCase.ofKinds("sedd", "sedd/losses");
  }

  @ParameterizedTest
  @MethodSource("losses")
  void reproducesTheLogScores(FixtureCase fixture) {
    Case recorded = Case.of(fixture);
    try (Safetensors expected = fixture.expected();
        DiffusionTransformer network =
            DitLoader.load(recorded.config.backbone(), recorded.model, Precision.F32)) {
      float[] scores = expected.floats("log_score");
      int states = recorded.config.graph().states();
      int length = recorded.length;
      int[] all = IntStream.range(0, length).toArray();
      for (int row = 0; row < recorded.noisy.length; row++) {
        double noise = recorded.noise(row);
        try (ForwardPass pass =
            network.forward(recorded.noisy[row], all, null, new Full(), all, noise)) {
          float[][] logits = pass.logitsToHost();
          for (int position = 0; position < length; position++) {
            double[] actual =
                recorded.config.logScore(
                    widen(logits[position], 0, states), recorded.noisy[row][position], noise);
            assertThat(actual)
                .as("row %d, position %d", row, position)
                .containsExactly(
                    widen(scores, row * length + position, states),
                    within(fixture.tolerance("log_score_abs")));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void reproducesTheForwardProcess(FixtureCase fixture) {
    Case recorded = Case.of(fixture);
    try (Safetensors expected = fixture.expected()) {
      float[] moves = expected.floats("noise.rand");
      long[] states =
          expected.tensors().containsKey("noise.randint_like")
              ? expected.longs("noise.randint_like")
              : new long[moves.length];
      for (int row = 0; row < recorded.clean.length; row++) {
        int from = row * recorded.length;
        int[] noisy =
            recorded
                .config
                .graph()
                .corrupt(
                    recorded.clean[row],
                    recorded.noise(row),
                    position -> moves[from + position],
                    position -> (int) states[from + position]);
        assertThat(noisy).isEqualTo(recorded.noisy[row]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void reproducesTheScoreEntropyInDouble(FixtureCase fixture) {
    Case recorded = Case.of(fixture);
    try (Safetensors expected = fixture.expected()) {
      double[] entropy = expected.doubles("f64.score_entropy");
      double[] losses = expected.doubles("f64.loss");
      double[] noise = expected.doubles("f64.sigma");
      double[] rate = expected.doubles("f64.dsigma");
      double relative = fixture.tolerance("f64_rel");
      float[] scores = expected.floats("log_score");
      for (int row = 0; row < losses.length; row++) {
        double t = recorded.times[row];
        assertRelative(recorded.schedule().totalNoise(t), noise[row], relative);
        assertRelative(recorded.schedule().rate(t), rate[row], relative);
        double sum = 0;
        for (int position = 0; position < recorded.length; position++) {
          int at = row * recorded.length + position;
          double actual =
              recorded
                  .config
                  .graph()
                  .scoreEntropy(
                      widen(scores, at, recorded.config.graph().states()),
                      recorded.noisy[row][position],
                      recorded.clean[row][position],
                      noise[row]);
          assertRelative(actual, entropy[at], relative);
          sum += actual;
        }
        assertRelative(rate[row] * sum, losses[row], relative);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void trainsByThePublishedLossAndGradients(FixtureCase fixture) {
    Case recorded = Case.of(fixture);
    SeddConfig config = recorded.config;
    try (Safetensors file = recorded.model.openWeights();
        Safetensors expected = fixture.expected();
        DiffusionTransformer network =
            DiffusionTransformer.forTraining(
                config.backbone(), DitLoader.weights(config.backbone(), file), Precision.F32)) {
      ScoredBatch batch = config.objective().batch(recorded.clean, recorded.noisy, recorded.times);

      Loss loss = network.differentiate(batch);

      float[] losses = expected.floats("loss");
      double relative = fixture.tolerance("loss_rel");
      double[] sums = new double[losses.length];
      for (int i = 0; i < batch.rows().length; i++) {
        int row = batch.rows()[i] / recorded.length;
        sums[row] += recorded.schedule().rate(recorded.times[row]) * loss.nats()[i];
      }
      for (int row = 0; row < losses.length; row++) {
        assertRelative(sums[row], losses[row], relative);
      }
      double mean =
          IntStream.range(0, losses.length).mapToDouble(i -> losses[i]).average().orElse(0);
      assertRelative(loss.value() * recorded.length, mean, relative);
      FixtureGradients.compare(fixture, network.weights(), expected, "", recorded.length);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void reproducesTheWeightsOfReverseSteps(FixtureCase fixture) {
    Case recorded = Case.of(fixture);
    TokenGraph graph = recorded.config.graph();
    int states = graph.states();
    try (Safetensors expected = fixture.expected()) {
      // the step itself, not its nearest float: what stays in place is 1 less a sum near 1
      double dt = Double.parseDouble(Float.toString(expected.floats("graph.step")[0]));
      float[] scores = expected.floats("log_score");
      for (int at = 0; at < scores.length / states; at++) {
        int row = at / recorded.length;
        int current = recorded.noisy[row][at % recorded.length];
        double t = recorded.times[row];
        double noise = recorded.schedule().totalNoise(t);
        double back = noise - recorded.schedule().totalNoise(t - dt);
        double[] score = Arrays.stream(widen(scores, at, states)).map(Math::exp).toArray();
        Rows rows = new Rows(fixture, expected, at);

        rows.compare("graph.transp_rate", graph.rates(current));
        rows.compare("graph.transp_transition", graph.transitions(current, back));
        rows.compare("graph.staggered", graph.stagger(score, back));
        double[] euler = graph.eulerWeights(score, current, dt * recorded.schedule().rate(t));
        rows.compare("graph.euler_probs", euler);
        rows.compare("f64.euler_probs", euler);
        double[] analytic = graph.analyticWeights(score, current, back);
        rows.compare("graph.analytic_probs", analytic);
        rows.compare("f64.analytic_probs", analytic);
        double[] denoised = graph.analyticWeights(score, current, noise);
        rows.compare("graph.denoiser_probs", denoised);
        rows.compare("f64.denoiser_probs", denoised);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void reproducesTheSchedules(FixtureCase fixture) {
    JsonObject noise = fixture.params().getAsJsonObject("noise").deepCopy();
    try (Safetensors expected = fixture.expected()) {
      float[] times = expected.floats("schedule.t");
      for (String type : new String[] {"loglinear", "geometric"}) {
        noise.addProperty("type", type);
        NoiseSchedule schedule = SeddConfig.schedule(noise);
        float[] total = expected.floats("schedule." + type + ".sigma");
        float[] rate = expected.floats("schedule." + type + ".dsigma");
        for (int i = 0; i < times.length; i++) {
          double relative = fixture.tolerance("probs_rel");
          assertRelative(schedule.totalNoise(times[i]), total[i], relative);
          assertRelative(schedule.rate(times[i]), rate[i], relative);
        }
      }
    }
  }

  private static void assertRelative(double actual, double expected, double relative) {
    assertThat(actual).isCloseTo(expected, within(relative * Math.max(1e-12, Math.abs(expected))));
  }

  private static double[] widen(float[] values, int row, int width) {
    double[] wide = new double[width];
    Arrays.setAll(wide, i -> values[row * width + i]);
    return wide;
  }

  /** Compares one row of recorded weights; recorded rows may lack the mask's column. */
  private record Rows(FixtureCase fixture, Safetensors expected, int row) {
    void compare(String name, double[] actual) {
      int width = expected.info(name).shape().getLast().intValue();
      boolean exact = name.startsWith("f64.");
      double relative = fixture.tolerance(exact ? "f64_rel" : "probs_rel");
      for (int i = 0; i < width; i++) {
        int at = row * width + i;
        double recorded = exact ? expected.doubles(name)[at] : expected.floats(name)[at];
        double tolerance = fixture.tolerance("probs_abs") + relative * Math.abs(recorded);
        assertThat(actual[i])
            .as("%s, row %d, state %d", name, row, i)
            .isCloseTo(
                recorded, within(exact ? relative * (1e-6 + Math.abs(recorded)) : tolerance));
      }
    }
  }

  private record Case(
      SeddConfig config,
      ModelDirectory model,
      int[][] clean,
      int[][] noisy,
      double[] times,
      int length) {
    static Case of(FixtureCase fixture) {
      ModelDirectory model = ModelDirectory.at(fixture.directory());
      try (Safetensors expected = fixture.expected()) {
        float[] t = expected.floats("t");
        double[] times = new double[t.length];
        Arrays.setAll(times, i -> t[i]);
        int length = expected.info("x0").shape().get(1).intValue();
        return new Case(
            SeddConfig.read(model.config()),
            model,
            rows(expected.longs("x0"), length),
            rows(expected.longs("x_t"), length),
            times,
            length);
      }
    }

    private static int[][] rows(long[] ids, int length) {
      int[][] rows = new int[ids.length / length][length];
      for (int i = 0; i < ids.length; i++) {
        rows[i / length][i % length] = (int) ids[i];
      }
      return rows;
    }

    NoiseSchedule schedule() {
      return config.schedule();
    }

    double noise(int row) {
      return schedule().totalNoise(times[row]);
    }
  }
}
