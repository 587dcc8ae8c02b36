package dev.unmask.lm.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.corruption.NoiseSchedule.Geometric;
import dev.unmask.lm.corruption.NoiseSchedule.LogLinear;
import dev.unmask.lm.objective.MaskedDenoising.Weighting;
import dev.unmask.lm.optimizer.AdamW;
import dev.unmask.lm.optimizer.LearningRateSchedule;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.optimizer.OptimizerSettings.Decay;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses, gradients and whole optimizer steps of the published RADD code. */
@ReproducesKinds({"radd/losses", "radd/train_steps"})
@Covers(
    method = "radd",
    parts = {Part.TRAIN})
class RaddFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesThePublishedLossesAndGradients() {
    return FixtureCase.ofKinds("radd", "radd/losses")
        .flatMap(
            fixture ->
                Stream.of("t_DSE", "t_DCE", "lambda_DCE", "k_DCE")
                    .map(
                        loss ->
                            DynamicTest.dynamicTest(
                                fixture.name() + " " + loss, () -> compare(fixture, loss))));
  }

  @TestFactory
  Stream<DynamicTest> reproducesThePublishedTrainingSteps() {
    return FixtureCase.ofKinds("radd", "radd/train_steps")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> train(fixture)));
  }

  private static void compare(FixtureCase fixture, String name) {
    try (Network network = Network.of(fixture);
        Safetensors expected = fixture.expected()) {
      int length = expected.info("x0").shape().get(1).intValue();
      int[] clean = ints(expected, "x0");
      int[] corrupted = ints(expected, name + ".x_t");
      int rows = clean.length / length;
      double[] weights = weights(fixture, name, expected, length);
      Batch batch = Batch.of(clean, corrupted, length, network.config().maskId(), weights, rows);

      Loss loss = network.transformer().differentiate(batch.scored());

      double[] losses = batch.perSequence(loss, weights, rows);
      if (name.equals("t_DCE")) {
        addConstants(fixture, expected, batch, weights, losses);
      }
      JsonArray published = fixture.params().getAsJsonObject("losses").getAsJsonArray(name);
      for (int row = 0; row < rows; row++) {
        double value = published.get(row).getAsDouble();
        assertThat(losses[row])
            .isCloseTo(value, within(fixture.tolerance("loss_rel") * Math.max(1, Math.abs(value))));
      }
      compareGradients(fixture, name, network, expected);
    }
  }

  /** What multiplies each masked token's cross-entropy, by this library's own objective. */
  private static double[] weights(
      FixtureCase fixture, String name, Safetensors expected, int length) {
    NoiseSchedule schedule = schedule(fixture);
    return switch (name) {
      // Score entropy of normalised predictions is the weighted cross-entropy itself.
      case "t_DSE", "t_DCE" ->
          draws(expected, name + ".t")
              .map(t -> new MaskedDenoising(Weighting.T, schedule).weight(t, length))
              .toArray();
      case "lambda_DCE" ->
          draws(expected, name + ".lambda")
              .map(draw -> new MaskedDenoising(Weighting.LAMBDA).weight(draw, length))
              .toArray();
      case "k_DCE" ->
          Arrays.stream(expected.longs(name + ".k"))
              .mapToDouble(k -> (k - 0.5) / length)
              .map(draw -> new MaskedDenoising(Weighting.K).weight(draw, length))
              .toArray();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static java.util.stream.DoubleStream draws(Safetensors expected, String name) {
    float[] values = expected.floats(name);
    return java.util.stream.IntStream.range(0, values.length).mapToDouble(i -> values[i]);
  }

  /** The published t-DCE keeps a term without gradient: -ln k for every masked token. */
  private static void addConstants(
      FixtureCase fixture, Safetensors expected, Batch batch, double[] weights, double[] losses) {
    float[] times = expected.floats("t_DCE.t");
    for (int row = 0; row < losses.length; row++) {
      double k = 1 / Math.expm1(schedule(fixture).totalNoise(times[row]));
      losses[row] -= weights[row] * batch.maskedIn(row) * Math.log(k);
    }
  }

  private static NoiseSchedule schedule(FixtureCase fixture) {
    JsonObject noise = fixture.params().getAsJsonObject("noise");
    return noise.get("type").getAsString().equals("loglinear")
        ? new LogLinear()
        : new Geometric(noise.get("sigma_min").getAsDouble(), noise.get("sigma_max").getAsDouble());
  }

  private static void compareGradients(
      FixtureCase fixture, String name, Network network, Safetensors expected) {
    Map<String, float[]> gradients = network.gradients();
    double squares = 0;
    for (float[] gradient : gradients.values()) {
      for (float value : gradient) {
        squares += (double) value * value;
      }
    }
    float norm = expected.floats(name + ".grad_norm")[0];
    assertThat(Math.sqrt(squares))
        .isCloseTo(norm, within(fixture.tolerance("grad_rel") * Math.max(1, norm)));
    String prefix = name + ".grad.";
    for (String tensor : expected.tensors().keySet()) {
      if (tensor.startsWith(prefix)) {
        assertThat(gradients.get(tensor.substring(prefix.length())))
            .as(tensor)
            .containsExactly(
                expected.floats(tensor),
                within((float) (fixture.tolerance("grad_abs") * Math.max(1, norm))));
      }
    }
  }

  private static void train(FixtureCase fixture) {
    JsonObject params = fixture.params();
    OptimizerSettings settings =
        new OptimizerSettings(
            params.get("lr").getAsDouble(),
            params.getAsJsonArray("betas").get(0).getAsDouble(),
            params.getAsJsonArray("betas").get(1).getAsDouble(),
            params.get("eps").getAsDouble(),
            params.get("weight_decay").getAsDouble(),
            params.get("grad_clip").getAsDouble(),
            params.get("warmup").getAsInt(),
            Decay.CONSTANT,
            params.get("ema").getAsDouble());
    int accumulated = params.get("accum").getAsInt();
    try (Network network = Network.of(fixture);
        Safetensors expected = fixture.expected();
        AdamW optimizer =
            AdamW.start(settings, network.transformer().weights(), parameter -> true)) {
      LearningRateSchedule rates = new LearningRateSchedule(settings, Long.MAX_VALUE);
      List<Long> shape = expected.info("x0").shape();
      int rows = shape.get(1).intValue();
      int length = shape.get(2).intValue();
      int size = rows * length;
      int[] clean = ints(expected, "x0");
      int[] corrupted = ints(expected, "x_t");
      float[] norms = expected.floats("grad_norm");
      float[] losses = expected.floats("returned_loss");
      double returned = 0;
      for (int micro = 0; micro < shape.get(0); micro++) {
        double[] weights = trainingWeights(params, expected, micro, rows, length);
        Batch batch =
            Batch.of(
                Arrays.copyOfRange(clean, micro * size, (micro + 1) * size),
                Arrays.copyOfRange(corrupted, micro * size, (micro + 1) * size),
                length,
                network.config().maskId(),
                weights,
                rows * accumulated);

        returned += network.transformer().differentiate(batch.scored()).value();

        boolean last = (micro + 1) % accumulated == 0;
        if (last) {
          assertThat(losses[micro]).isCloseTo((float) returned, within((float) (1e-3 * returned)));
          returned = 0;
          int step = (micro + 1) / accumulated;
          double rate = rates.at(step);
          assertThat(rate).isCloseTo(expected.floats("lr")[step - 1], within(1e-7));
          double norm = optimizer.step(rate);
          float published = norms[step - 1];
          assertThat(norm)
              .isCloseTo(published, within(fixture.tolerance("grad_norm_rel") * published));
        }
      }
      compareWeights(fixture, expected, "final.", network.transformer().weights(), "final_abs");
      compareWeights(fixture, expected, "ema.", optimizer.average(), "ema_abs");
    }
  }

  private static double[] trainingWeights(
      JsonObject params, Safetensors expected, int micro, int rows, int length) {
    double[] weights = new double[rows];
    for (int row = 0; row < rows; row++) {
      weights[row] =
          params.get("loss").getAsString().equals("lambda_DCE")
              ? 1 / expected.floats("lambda")[micro * rows + row]
              : (double) length / expected.longs("k")[micro * rows + row];
    }
    return weights;
  }

  private static void compareWeights(
      FixtureCase fixture, Safetensors expected, String prefix, Weights weights, String tolerance) {
    for (int i = 0; i < weights.parameters().size(); i++) {
      String name = weights.parameters().get(i).name();
      assertThat(weights.present().get(i).toFloatArray())
          .as(prefix + name)
          .containsExactly(
              expected.floats(prefix + name), within((float) fixture.tolerance(tolerance)));
    }
  }

  private static int[] ints(Safetensors expected, String name) {
    return Arrays.stream(expected.longs(name)).mapToInt(Math::toIntExact).toArray();
  }

  /** A published checkpoint ready to be trained. */
  private record Network(Transformer transformer) implements AutoCloseable {
    static Network of(FixtureCase fixture) {
      ModelDirectory model = ModelDirectory.at(fixture.directory());
      BackboneConfig config = BackboneLoader.config(model);
      try (Safetensors file = model.openWeights()) {
        return new Network(
            Transformer.forTraining(config, Weights.read(config, file), Precision.F32));
      }
    }

    BackboneConfig config() {
      return transformer.config();
    }

    Map<String, float[]> gradients() {
      Weights weights = transformer.weights();
      Map<String, float[]> gradients = new java.util.LinkedHashMap<>();
      for (int i = 0; i < weights.parameters().size(); i++) {
        try (var gradient = weights.present().get(i).getGradient()) {
          gradients.put(weights.parameters().get(i).name(), gradient.toFloatArray());
        }
      }
      return gradients;
    }

    @Override
    public void close() {
      transformer.close();
    }
  }

  /** Recorded noisy sequences; the loss is the mean over them of each one's weighted sum. */
  private record Batch(ScoredBatch scored, int length) {
    static Batch of(
        int[] clean, int[] corrupted, int length, int maskId, double[] weights, int divisor) {
      ScoredTokens tokens = new ScoredTokens(clean.length);
      for (int i = 0; i < clean.length; i++) {
        if (corrupted[i] == maskId) {
          tokens.add(i, clean[i], weights[i / length] / divisor);
        }
      }
      tokens.orNothing(clean[0]);
      return new Batch(
          new ScoredBatch(
              clean.length / length,
              corrupted,
              Sequences.positions(length),
              new Full(),
              tokens.rows(),
              tokens.targets(),
              tokens.weights()),
          length);
    }

    int maskedIn(int row) {
      int count = 0;
      for (int i = 0; i < scored.rows().length; i++) {
        count += scored.rows()[i] / length == row && scored.weights()[i] != 0 ? 1 : 0;
      }
      return count;
    }

    double[] perSequence(Loss loss, double[] weights, int rows) {
      double[] sums = new double[rows];
      for (int i = 0; i < scored.rows().length; i++) {
        int row = scored.rows()[i] / length;
        sums[row] += scored.weights()[i] == 0 ? 0 : weights[row] * loss.nats()[i];
      }
      return sums;
    }
  }
}
