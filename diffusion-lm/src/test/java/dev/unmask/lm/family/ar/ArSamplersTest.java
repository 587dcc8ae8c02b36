package dev.unmask.lm.family.ar;

import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.toys.ExactLikelihood;
import dev.unmask.lm.toys.Frequencies;
import dev.unmask.lm.toys.TabularJoint;
import dev.unmask.lm.toys.TabularModels;
import dev.unmask.lm.toys.TabularNetwork;
import dev.unmask.lm.toys.Toys;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Next-token sampling is the chain rule. */
@Covers(
    method = "ar",
    parts = {Part.SAMPLE})
class ArSamplersTest {
  private static final int DRAWS = 3_000;
  private static final int[] FROM_THE_LEFT = {0, 1, 2};

  @Test
  void drawsTheDataWithTrueConditionals() {
    TabularJoint joint = Toys.joint(3, 3, 6);
    expect(joint.probabilities(), joint);
  }

  @Test
  void drawsTheProductOfItsConditionalsWhateverTheyAre() {
    TabularNetwork network = Toys.inconsistent(3, 3, 5);
    ExactLikelihood likelihood = new ExactLikelihood(network);
    expect(
        Arrays.stream(TabularNetwork.all(3, 3))
            .mapToDouble(sequence -> Math.exp(-likelihood.inOrder(sequence, FROM_THE_LEFT)))
            .toArray(),
        network);
  }

  private static void expect(double[] expected, TabularNetwork network) {
    try (ArModel model =
        new ArModel(TabularModels.generator(TabularModels.shifted(network, 1), network))) {
      Frequencies.expect(
          expected,
          3,
          DRAWS,
          TabularModels.answers(
              model, TabularModels.settings(network, 1, new FixedTokensPerStep(1)), 0));
    }
  }
}
