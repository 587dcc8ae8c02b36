package dev.unmask.lm.toys;

import dev.unmask.lm.backbone.TableBackbone;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.policy.ConfidenceAbove;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.decoding.policy.EntropyBound;
import dev.unmask.lm.decoding.policy.EvenSplit;
import dev.unmask.lm.decoding.policy.Factor;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.decoding.policy.LeftToRight;
import dev.unmask.lm.family.fastdllm2.FastDllm2Model;
import dev.unmask.lm.family.sdar.SdarModel;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SDAR, Fast-dLLM v2 and the decoding of Fast-dLLM v1 draw from the distributions that enumeration
 * gives. Tokens chosen by their confidence are not drawn from the data, however many steps: a token
 * that was probable is kept more often. Orders that do not look at the tokens are.
 */
@Covers(
    method = "sdar",
    parts = {Part.SAMPLE})
@Covers(
    method = "fast-dllm-v1",
    parts = {Part.SAMPLE})
@Covers(
    method = "fast-dllm-v2",
    parts = {Part.SAMPLE})
class BlockSamplersTest {
  private static final int DRAWS = 2_500;
  private static final TabularNetwork INCONSISTENT = Toys.inconsistent(3, 3, 5);
  private static final TabularJoint JOINT = Toys.joint(3, 3, 6);

  static Stream<DecodingPolicy> policies() {
    return Stream.of(
        new FixedTokensPerStep(2),
        new EvenSplit(new FixedTokensPerStep(1), 3),
        new EvenSplit(new ConfidenceAbove(0.5), 3),
        new EvenSplit(new LeftToRight(1), 2),
        new EntropyBound(1.5));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void sdarKeepsWhatItsStrategySelectsAmongWhatWasDrawn(DecodingPolicy policy) {
    for (int blockSize : new int[] {2, 3}) {
      try (SdarModel model = sdar(INCONSISTENT, blockSize)) {
        expect(model, INCONSISTENT, blockSize, policy);
      }
    }
  }

  /** A block of one token is autoregression; one token a step from the left is too. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void sdarDrawsTheDataOneTokenAfterTheOther(int blockSize) {
    try (SdarModel model = sdar(JOINT, blockSize)) {
      DecodeSettings settings = TabularModels.settings(JOINT, blockSize, new LeftToRight(1));
      Frequencies.expect(JOINT.probabilities(), 3, DRAWS, TabularModels.answers(model, settings));
    }
  }

  static Stream<DecodingPolicy> parallelPolicies() {
    return Stream.of(new ConfidenceThreshold(0.5), new Factor(1.5), new FixedTokensPerStep(1));
  }

  @ParameterizedTest
  @MethodSource("parallelPolicies")
  void parallelDecodingKeepsWhatIsConfidentEnoughAmongWhatWasDrawn(DecodingPolicy policy) {
    TableBackbone backbone = TabularModels.aligned(INCONSISTENT, 0);
    try (DiffusionModel model = TabularModels.generator(backbone, INCONSISTENT)) {
      expect(model, INCONSISTENT, 3, policy);
    }
  }

  /** The prompt fills the first place of a block of four; what is left of it is one sub-block. */
  @Test
  void fastDllm2KeepsWhatIsConfidentEnoughAmongWhatWasDrawn() {
    ConfidenceAbove policy = new ConfidenceAbove(0.5);
    try (FastDllm2Model model = fastDllm2(INCONSISTENT)) {
      DecodeSettings settings = TabularModels.settings(INCONSISTENT, 4, policy);
      Frequencies.expect(
          new ExactSampling(INCONSISTENT).selecting(3, policy),
          3,
          DRAWS,
          TabularModels.answers(model, settings, 0));
    }
  }

  @Test
  void fastDllm2DrawsTheDataInSubBlocksOfOneToken() {
    try (FastDllm2Model model = fastDllm2(JOINT)) {
      DecodeSettings settings = TabularModels.settings(JOINT, 1, new ConfidenceAbove(0.5));
      Frequencies.expect(
          JOINT.probabilities(), 3, DRAWS, TabularModels.answers(model, settings, 0));
    }
  }

  private static void expect(
      DiffusionModel model, TabularNetwork network, int blockSize, DecodingPolicy policy) {
    Frequencies.expect(
        new ExactSampling(network).selecting(blockSize, policy),
        3,
        DRAWS,
        TabularModels.answers(model, TabularModels.settings(network, blockSize, policy)));
  }

  private static SdarModel sdar(TabularNetwork network, int blockSize) {
    return SdarModel.of(
        TabularModels.aligned(network, blockSize),
        TabularModels.tokens(network),
        Set.of(),
        SdarModel.Compat.CLEAN);
  }

  private static FastDllm2Model fastDllm2(TabularNetwork network) {
    return FastDllm2Model.of(
        TabularModels.shifted(network, 4),
        TabularModels.tokens(network),
        Set.of(),
        FastDllm2Model.Compat.CLEAN);
  }
}
