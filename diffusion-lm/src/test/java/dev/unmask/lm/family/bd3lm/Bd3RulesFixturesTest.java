package dev.unmask.lm.family.bd3lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Masks, schedules, nucleus and stop rules of BD3-LM's published code. */
@ReproducesKinds({"bd3lm/masks_noise", "bd3lm/sampler_rules"})
@Covers(
    method = "bd3lm",
    parts = {Part.TRAIN, Part.SAMPLE})
class Bd3RulesFixturesTest {
  private static final Pattern MASK = Pattern.compile("L(\\d+)_D(\\d+)");
  private static final Map<String, BlockNoise> NOISE =
      Map.of(
          "loglinear", new BlockNoise.Linear(),
          "cosine", new BlockNoise.Cosine(),
          "square", new BlockNoise.Power(2),
          "square_root", new BlockNoise.Power(0.5),
          "log", new BlockNoise.Logarithmic());

  @TestFactory
  Stream<DynamicTest> reproducesTheAttentionOfTheTwoHalves() {
    return FixtureCase.ofKinds("bd3lm", "bd3lm/masks_noise")
        .map(fixture -> dynamicTest(fixture.name(), () -> compareMasks(fixture)));
  }

  private static void compareMasks(FixtureCase fixture) {
    try (Safetensors expected = fixture.expected()) {
      for (String name : expected.tensors().keySet()) {
        Matcher shape = MASK.matcher(name);
        if (shape.matches()) {
          int length = Integer.parseInt(shape.group(1));
          NoisyThenClean layout = new NoisyThenClean(Integer.parseInt(shape.group(2)), length);
          long[] allowed = expected.longs(name);
          for (int i = 0; i < allowed.length; i++) {
            assertThat(layout.allows(i / (2 * length), i % (2 * length)))
                .as("%s[%d]", name, i)
                .isEqualTo(allowed[i] == 1);
          }
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> reproducesTheSchedules() {
    return FixtureCase.ofKinds("bd3lm", "bd3lm/masks_noise")
        .map(fixture -> dynamicTest(fixture.name(), () -> compareNoise(fixture)));
  }

  private static void compareNoise(FixtureCase fixture) {
    double relative = fixture.tolerance("noise_rel");
    try (Safetensors expected = fixture.expected()) {
      double[] times = expected.doubles("noise.t");
      NOISE.forEach(
          (name, noise) -> {
            double[] probability = expected.doubles("noise." + name + ".p");
            double[] weight = expected.doubles("noise." + name + ".scale");
            for (int i = 0; i < times.length; i++) {
              assertThat(noise.maskProbability(times[i]))
                  .as("%s at %s", name, times[i])
                  .isCloseTo(probability[i], within(relative * probability[i]));
              assertThat(noise.weight(times[i]))
                  .as("%s at %s", name, times[i])
                  .isCloseTo(weight[i], within(relative * weight[i]));
            }
          });
    }
  }

  @TestFactory
  Stream<DynamicTest> reproducesTheNucleus() {
    return FixtureCase.ofKinds("bd3lm", "bd3lm/sampler_rules")
        .map(fixture -> dynamicTest(fixture.name(), () -> compareNucleus(fixture)));
  }

  private static void compareNucleus(FixtureCase fixture) {
    try (Safetensors expected = fixture.expected()) {
      long length = expected.info("nucleus.p").shape().get(1);
      double[][] p = rows(expected, "nucleus.p");
      for (String name : expected.tensors().keySet()) {
        if (name.startsWith("nucleus.out_")) {
          Nucleus nucleus = new Nucleus(Double.parseDouble(name.substring(12)));
          double[][] recorded = rows(expected, name);
          boolean inLastBlock = false;
          for (int row = 0; row < p.length; row++) {
            inLastBlock =
                row % length != 0 && (inLastBlock || !Arrays.equals(recorded[row], p[row]));
            assertThat(inLastBlock ? nucleus.filter(p[row]) : p[row])
                .as("%s, row %d", name, row)
                .containsExactly(recorded[row], within(fixture.tolerance("abs")));
          }
        }
      }
    }
  }

  private static double[][] rows(Safetensors file, String name) {
    int columns = file.info(name).shape().getLast().intValue();
    double[] flat = file.doubles(name);
    double[][] rows = new double[flat.length / columns][];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * columns, (i + 1) * columns));
    return rows;
  }

  @TestFactory
  Stream<DynamicTest> reproducesTheStopRules() {
    return FixtureCase.ofKinds("bd3lm", "bd3lm/sampler_rules")
        .flatMap(
            fixture ->
                fixture.params().getAsJsonArray("stop").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .map(
                        stop ->
                            dynamicTest(
                                fixture.name() + " " + stop, () -> compareStop(fixture, stop))));
  }

  private static void compareStop(FixtureCase fixture, JsonObject recorded) {
    String name = "stop." + recorded.get("case").getAsString();
    try (Safetensors expected = fixture.expected()) {
      int[] text = Arrays.stream(expected.longs(name + ".x")).mapToInt(Math::toIntExact).toArray();
      StopRules rules =
          new StopRules(
              fixture.params().get("eos_id").getAsInt(), recorded.get("var_length").getAsBoolean());

      StopRules.Verdict verdict = rules.check(text);

      assertThat(verdict.stop()).isEqualTo(recorded.get("stop").getAsBoolean());
      assertThat(verdict.length()).isEqualTo(recorded.get("length_after").getAsInt());
      assertThat(StopRules.entropy(text))
          .isCloseTo(expected.doubles(name + ".entropy")[0], within(1e-5));
    }
  }
}
