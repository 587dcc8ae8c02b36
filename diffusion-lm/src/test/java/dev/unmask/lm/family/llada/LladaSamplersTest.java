package dev.unmask.lm.family.llada;

import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.family.llada.EvenQuota.Remasking;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.toys.ExactSampling;
import dev.unmask.lm.toys.Frequencies;
import dev.unmask.lm.toys.TabularJoint;
import dev.unmask.lm.toys.TabularModels;
import dev.unmask.lm.toys.TabularNetwork;
import dev.unmask.lm.toys.Toys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LLaDA's remasking draws from the distributions that enumeration gives. */
@Covers(
    method = "llada",
    parts = {Part.SAMPLE})
class LladaSamplersTest {
  private static final int DRAWS = 3_000;
  private static final TabularNetwork INCONSISTENT = Toys.inconsistent(3, 3, 5);
  private static final TabularJoint JOINT = Toys.joint(3, 3, 6);

  @Test
  void allTokensAtOnceAreIndependent() {
    expect(new ExactSampling(INCONSISTENT).steps(1), INCONSISTENT, 3, 1, Remasking.RANDOM);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void randomRemaskingOfAllButOneTokenFollowsARandomOrder(int blockSize) {
    double[] expected = new ExactSampling(INCONSISTENT).blocksOneAtATime(blockSize);
    expect(expected, INCONSISTENT, blockSize, blockSize, Remasking.RANDOM);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void randomRemaskingDrawsTheDataOneTokenAStep(int blockSize) {
    expect(JOINT.probabilities(), JOINT, blockSize, blockSize, Remasking.RANDOM);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void lowConfidenceRemaskingKeepsTheMostConfidentOfWhatWasDrawn(int steps) {
    double[] expected = new ExactSampling(INCONSISTENT).selecting(3, new EvenQuota(steps));
    expect(expected, INCONSISTENT, 3, steps, Remasking.LOW_CONFIDENCE);
  }

  private static void expect(
      double[] expected, TabularNetwork network, int blockSize, int steps, Remasking remasking) {
    try (LladaModel model =
        new LladaModel(TabularModels.generator(TabularModels.aligned(network, 0), network))) {
      DecodeSettings settings =
          TabularModels.settings(network, blockSize, new EvenQuota(steps, remasking));
      Frequencies.expect(expected, 3, DRAWS, TabularModels.answers(model, settings));
    }
  }
}
