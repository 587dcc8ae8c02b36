package dev.unmask.lm.family.fastdllm2;

import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
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
 * Fast-dLLM v2's training (arXiv:2509.26328). Every row is seen twice: once with the tokens masked
 * that its draws say (one probability p = 0.999 t + 0.001 a block), once with the others, so that
 * every supervised token is learned exactly once. A masked token is predicted by the row to its
 * left, as the autoregressive model predicted it; the first token of a row is never predicted. The
 * plain mean of the cross-entropies in nats: neither weighted by 1 / p nor a bound of the
 * likelihood.
 *
 * @param blockSize tokens denoised together
 */
public record ComplementaryBlockDiffusion(int blockSize) implements AnswerObjective {
  private static final double SMALLEST_PROBABILITY = 1e-3;
  private static final int VIEWS = 2;

  /** Uniform numbers in [0, 1) of a batch. */
  interface Draws {
    /** Time of a block. */
    double time(int row, int block);

    /** A token is masked in the first view if this is below its block's probability. */
    double token(int row, int position);
  }

  public ComplementaryBlockDiffusion {
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size must be positive, was " + blockSize);
    }
  }

  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    return batch(Arrays.stream(clean).map(SupervisedRow::all).toList(), maskId, random);
  }

  /** The tokens of answers are supervised; rows are filled up to whole blocks with masks. */
  @Override
  public ScoredBatch batch(AnswerRows rows, int maskId, KeyedRandom random) {
    int columns = Math.ceilDiv(rows.length(), blockSize) * blockSize;
    List<SupervisedRow> supervised = new ArrayList<>();
    for (int i = 0; i < rows.count(); i++) {
      supervised.add(
          SupervisedRow.ofAnswer(rows.tokens()[i], rows.answers().get(i), columns, maskId));
    }
    return batch(supervised, maskId, random);
  }

  /** As {@link AnswerObjective#batch} of rows of one length whose supervised tokens are known. */
  public ScoredBatch batch(List<SupervisedRow> rows, int maskId, KeyedRandom random) {
    KeyedRandom times = random.split("time");
    KeyedRandom tokens = random.split("mask");
    Draws keyed =
        new Draws() {
          @Override
          public double time(int row, int block) {
            return times.split(row).uniform(block);
          }

          @Override
          public double token(int row, int position) {
            return tokens.split(row).uniform(position);
          }
        };
    return batch(rows, maskId, keyed);
  }

  ScoredBatch batch(List<SupervisedRow> rows, int maskId, Draws draws) {
    int length = rows.getFirst().tokens().length;
    BitSet[] masked = new BitSet[VIEWS * rows.size()];
    int[][] inputs = new int[masked.length][];
    for (int i = 0; i < masked.length; i++) {
      int[] tokens = rows.get(i % rows.size()).tokens();
      if (tokens.length != length) {
        throw new IllegalArgumentException(
            "rows must have one length, were " + length + " and " + tokens.length);
      }
      masked[i] = masked(rows, i, draws);
      int[] noisy = AbsorbingCorruption.apply(tokens, masked[i], maskId);
      inputs[i] = IntStream.concat(Arrays.stream(noisy), Arrays.stream(tokens)).toArray();
    }
    return score(inputs, masked, length);
  }

  /** What view {@code i / B} masks of row {@code i % B}. */
  private BitSet masked(List<SupervisedRow> rows, int i, Draws draws) {
    int row = i % rows.size();
    boolean complement = i >= rows.size();
    BitSet masked = new BitSet();
    rows.get(row).supervised().stream()
        .forEach(
            at -> {
              double time = draws.time(row, at / blockSize);
              double p = SMALLEST_PROBABILITY + (1 - SMALLEST_PROBABILITY) * time;
              masked.set(at, draws.token(row, at) < p != complement);
            });
    return masked;
  }

  private ScoredBatch score(int[][] inputs, BitSet[] masked, int length) {
    IntStream.Builder rows = IntStream.builder();
    IntStream.Builder targets = IntStream.builder();
    int count = 0;
    for (int i = 0; i < inputs.length; i++) {
      for (int at = masked[i].nextSetBit(1); at >= 0; at = masked[i].nextSetBit(at + 1)) {
        rows.add(i * length + at - 1);
        targets.add(inputs[i][length + at]);
        count++;
      }
    }
    if (count == 0) { // nothing is supervised: a row that counts nothing
      rows.add(0);
      targets.add(inputs[0][length]);
    }
    float[] weights = new float[Math.max(1, count)];
    Arrays.fill(weights, count == 0 ? 0 : 1f / count);
    int[] half = IntStream.range(0, length).toArray();
    return new ScoredBatch(
        inputs.length,
        Arrays.stream(inputs).flatMapToInt(Arrays::stream).toArray(),
        IntStream.concat(Arrays.stream(half), Arrays.stream(half)).toArray(),
        new NoisyThenClean(blockSize, length),
        rows.build().toArray(),
        targets.build().toArray(),
        weights);
  }

  @Override
  public String label() {
    return "complementary block diffusion, block size " + blockSize;
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    return trained.decodingBy(Decoding.blocks(blockSize).shifted());
  }
}
