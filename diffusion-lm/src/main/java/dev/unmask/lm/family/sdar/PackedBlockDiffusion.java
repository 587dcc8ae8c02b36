package dev.unmask.lm.family.sdar;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.attention.AttentionLayout.PackedNoisyThenClean;
import dev.unmask.lm.attention.AttentionLayout.PerSequence;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.objective.AnswerObjective;
import dev.unmask.lm.packing.AnswerRows;
import dev.unmask.lm.random.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * SDAR's training (arXiv:2510.06303): block diffusion over samples packed into rows, of which none
 * sees another. One time t a sample masks its tokens with probability p = 0.999 t + 0.001; the loss
 * is the sum of cross-entropy / p over masked tokens, divided by the number of supervised tokens of
 * the batch, in nats per token. Predictions are those of the masked position itself.
 *
 * @param blockSize tokens denoised together; blocks are counted from the start of a sample
 * @param endOfText the token behind which the next sample of a row begins
 */
public record PackedBlockDiffusion(int blockSize, int endOfText) implements AnswerObjective {
  private static final double SMALLEST_PROBABILITY = 1e-3;
  private static final int ATTEMPTS = 10;

  /** Uniform numbers in [0, 1) of a batch. A row without a masked token is drawn again. */
  interface Draws {
    /** Time of a sample. */
    double time(int row, int attempt, int sample);

    /** A token is masked if this is below its probability. */
    double token(int row, int attempt, int position);
  }

  public PackedBlockDiffusion {
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size must be positive, was " + blockSize);
    }
  }

  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    List<PackedRow> rows =
        Arrays.stream(clean).map(tokens -> PackedRow.ofDocuments(tokens, endOfText)).toList();
    return batch(rows, maskId, keyed(random));
  }

  /** The tokens of answers are supervised; the padding behind one is a sample of its own. */
  @Override
  public ScoredBatch batch(AnswerRows rows, int maskId, KeyedRandom random) {
    List<PackedRow> packed = new ArrayList<>();
    for (int i = 0; i < rows.count(); i++) {
      packed.add(PackedRow.ofAnswer(rows.tokens()[i], rows.answers().get(i)));
    }
    return batch(packed, maskId, keyed(random));
  }

  /** As {@link AnswerObjective#batch} of rows whose samples and supervised tokens are known. */
  public ScoredBatch batch(List<PackedRow> rows, int maskId, KeyedRandom random) {
    return batch(rows, maskId, keyed(random));
  }

  private static Draws keyed(KeyedRandom random) {
    KeyedRandom times = random.split("time");
    KeyedRandom tokens = random.split("mask");
    return new Draws() {
      @Override
      public double time(int row, int attempt, int sample) {
        return times.split(row).split(attempt).uniform(sample);
      }

      @Override
      public double token(int row, int attempt, int position) {
        return tokens.split(row).split(attempt).uniform(position);
      }
    };
  }

  ScoredBatch batch(List<PackedRow> rows, int maskId, Draws draws) {
    int supervised = rows.stream().map(PackedRow::supervised).mapToInt(BitSet::cardinality).sum();
    Scored scored = new Scored();
    List<int[]> ids = new ArrayList<>();
    List<int[]> positions = new ArrayList<>();
    List<AttentionLayout> layouts = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      PackedRow row = rows.get(i);
      double[] probability = new double[row.length()];
      BitSet masked = corrupt(row, i, draws, probability);
      ids.add(AbsorbingCorruption.apply(row.tokens(), masked, maskId));
      ids.add(row.tokens());
      positions.add(row.positions());
      positions.add(row.positions());
      layouts.add(new PackedNoisyThenClean(blockSize, row.samples()));
      int first = 2 * row.length() * i;
      masked.stream()
          .forEach(
              at -> scored.add(first + at, row.tokens()[at], 1 / probability[at] / supervised));
    }
    return scored.batch(rows.size(), join(ids), join(positions), new PerSequence(layouts));
  }

  /** Masks supervised tokens, one at least; fills in every token's mask probability. */
  private static BitSet corrupt(PackedRow row, int index, Draws draws, double[] probability) {
    BitSet masked = new BitSet();
    for (int attempt = 0; attempt < ATTEMPTS && masked.isEmpty(); attempt++) {
      int at = 0;
      for (int sample = 0; sample < row.samples().size(); sample++) {
        double p =
            SMALLEST_PROBABILITY + (1 - SMALLEST_PROBABILITY) * draws.time(index, attempt, sample);
        for (int end = at + row.samples().get(sample); at < end; at++) {
          probability[at] = p;
          masked.set(at, row.supervised().get(at) && draws.token(index, attempt, at) < p);
        }
      }
    }
    if (masked.isEmpty() && !row.supervised().isEmpty()) {
      masked.set(row.supervised().nextSetBit(0));
    }
    return masked;
  }

  private static int[] join(List<int[]> parts) {
    return parts.stream().flatMapToInt(Arrays::stream).toArray();
  }

  /** Rows that count in the loss. */
  private static final class Scored {
    private final IntStream.Builder rows = IntStream.builder();
    private final IntStream.Builder targets = IntStream.builder();
    private final List<Float> weights = new ArrayList<>();

    void add(int row, int target, double weight) {
      rows.add(row);
      targets.add(target);
      weights.add((float) weight);
    }

    ScoredBatch batch(int sequences, int[] ids, int[] positions, AttentionLayout layout) {
      if (weights.isEmpty()) {
        add(0, ids[0], 0); // nothing is supervised: a row that counts nothing
      }
      float[] weight = new float[weights.size()];
      for (int i = 0; i < weight.length; i++) {
        weight[i] = weights.get(i);
      }
      return new ScoredBatch(
          sequences,
          ids,
          positions,
          layout,
          rows.build().toArray(),
          targets.build().toArray(),
          weight);
    }
  }

  @Override
  public String label() {
    return "packed block diffusion, block size " + blockSize;
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    return trained.decodingBy(Decoding.blocks(blockSize));
  }
}
