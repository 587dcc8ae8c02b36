package dev.unmask.lm.family.dream;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.objective.AnswerObjective;
import dev.unmask.lm.objective.DenoisingBatch;
import dev.unmask.lm.packing.AnswerRows;
import dev.unmask.lm.random.KeyedRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Dream's training loss (arXiv:2508.15487): tokens are masked with a probability t drawn for each
 * sequence, the token before a masked one predicts it, and in place of 1 / t every masked token
 * counts by how much is visible near it (context-adaptive rescheduling of the noise at token level,
 * CART). The first token has none before it and is never masked. Divided by all B L tokens. Of
 * prompts and answers the answers are masked, and the end-of-text tokens that pad them.
 *
 * @param decay p of the geometric distribution of distances, in (0, 1)
 */
public record ContextAdaptiveDenoising(double decay) implements AnswerObjective {
  private static final double PUBLISHED_DECAY = 0.3;

  public ContextAdaptiveDenoising {
    if (!(decay > 0 && decay < 1)) {
      throw new IllegalArgumentException("decay must be in (0, 1), was " + decay);
    }
  }

  /** With a decay of 0.3. */
  public ContextAdaptiveDenoising() {
    this(PUBLISHED_DECAY);
  }

  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    return batch(AnswerRows.whole(clean), maskId, random);
  }

  @Override
  public ScoredBatch batch(AnswerRows rows, int maskId, KeyedRandom random) {
    List<BitSet> masked = new ArrayList<>();
    List<double[]> weights = new ArrayList<>();
    int length = rows.length();
    double tokens = 0;
    for (int i = 0; i < rows.count(); i++) {
      int start = rows.answers().get(i).start();
      tokens += length - start;
      BitSet positions = new BitSet(length);
      double probability = random.split("time").uniform(i);
      KeyedRandom draws = random.split("mask").split(i);
      AbsorbingCorruption.mask(positions, Math.max(1, start), length, probability, draws);
      masked.add(positions);
      weights.add(weights(positions, length));
    }
    double learned = tokens;
    return DenoisingBatch.of(
        rows.tokens(),
        masked,
        maskId,
        Alignment.SHIFTED,
        (i, position) -> weights.get(i)[position] / learned);
  }

  /**
   * Weight of every position: half the probability, under a geometric distribution of the distance
   * in both directions, that a token seen from there is visible; 0 where nothing is masked.
   *
   * @param masked positions below {@code length}
   */
  public double[] weights(BitSet masked, int length) {
    double[] visible = new double[length];
    addVisibleBefore(visible, masked);
    addVisibleBehind(visible, masked);
    for (int position = 0; position < length; position++) {
      visible[position] = masked.get(position) ? decay / 2 * visible[position] : 0;
    }
    return visible;
  }

  /** The sum over visible tokens of (1 - decay)^(distance - 1) obeys a recursion of one step. */
  private void addVisibleBefore(double[] sums, BitSet masked) {
    double sum = 0;
    for (int position = 0; position < sums.length; position++) {
      sums[position] += sum;
      sum = (1 - decay) * sum + (masked.get(position) ? 0 : 1);
    }
  }

  private void addVisibleBehind(double[] sums, BitSet masked) {
    double sum = 0;
    for (int position = sums.length - 1; position >= 0; position--) {
      sums[position] += sum;
      sum = (1 - decay) * sum + (masked.get(position) ? 0 : 1);
    }
  }

  @Override
  public String label() {
    return "context-adaptive denoising";
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    return trained.decodingBy(Decoding.full().shifted());
  }
}
