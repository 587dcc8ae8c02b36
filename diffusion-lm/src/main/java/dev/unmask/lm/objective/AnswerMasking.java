package dev.unmask.lm.objective;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.random.KeyedRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Supervised fine-tuning of LLaDA (arXiv:2502.09992): as {@link LinearMasking}, but the prompt is
 * never masked, and each sequence's sum is divided by the length of its answer, the end-of-text
 * tokens that pad it included; then the mean over the batch.
 *
 * @param promptLength how many of a sequence's tokens are its prompt, in [0, L)
 */
public record AnswerMasking(ToIntFunction<int[]> promptLength) implements Objective {
  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    double[] probabilities = new double[clean.length];
    List<BitSet> masked = new ArrayList<>();
    for (int i = 0; i < clean.length; i++) {
      probabilities[i] = LinearMasking.maskProbability(random.split("time").uniform(i));
      BitSet positions = new BitSet();
      AbsorbingCorruption.mask(
          positions,
          promptLength(clean[i]),
          clean[i].length,
          probabilities[i],
          random.split("mask").split(i));
      masked.add(positions);
    }
    return batch(clean, masked, probabilities, maskId);
  }

  /**
   * The batch of given masks.
   *
   * @param masked positions of each sequence, none in its prompt
   * @param probabilities by which the answer's tokens of each sequence were masked
   */
  public ScoredBatch batch(int[][] clean, List<BitSet> masked, double[] probabilities, int maskId) {
    return DenoisingBatch.of(
        clean,
        masked,
        maskId,
        Alignment.SAME_POSITION,
        (i, position) ->
            1 / (probabilities[i] * (clean[i].length - promptLength(clean[i])) * clean.length));
  }

  private int promptLength(int[] sequence) {
    int length = promptLength.applyAsInt(sequence);
    if (length < 0 || length >= sequence.length) {
      throw new IllegalArgumentException(
          "prompt must be shorter than its sequence of %d tokens, was %d"
              .formatted(sequence.length, length));
    }
    return length;
  }

  @Override
  public String label() {
    return "masked cross-entropy of answers";
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    return trained.decodingBy(Decoding.full());
  }
}
