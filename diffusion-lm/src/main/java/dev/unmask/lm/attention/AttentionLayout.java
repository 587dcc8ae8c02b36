package dev.unmask.lm.attention;

import java.util.List;

/** Who sees whom among the tokens of one sequence. */
public sealed interface AttentionLayout {

  /** Everyone sees everyone (RADD, LLaDA). */
  record Full() implements AttentionLayout {
    @Override
    public boolean allows(int query, int key) {
      return true;
    }
  }

  /** A token sees itself and what comes before it. */
  record Causal() implements AttentionLayout {
    @Override
    public boolean allows(int query, int key) {
      return key <= query;
    }
  }

  /** A token sees its own block and every earlier block; blocks count from position 0. */
  record BlockCausal(int blockSize) implements AttentionLayout {
    public BlockCausal {
      requireBlockSize(blockSize);
    }

    @Override
    public boolean allows(int query, int key) {
      return key / blockSize <= query / blockSize;
    }
  }

  /**
   * The training layout of block diffusion over the input {@code [xt | x0]} of 2L tokens: a noisy
   * block sees itself and the clean blocks before it; the clean half is block-causal and never sees
   * noise (BD3-LM, arXiv:2503.09573).
   *
   * @param length L; queries and keys are indices in {@code [0, 2L)}, the noisy half first
   */
  record NoisyThenClean(int blockSize, int length) implements AttentionLayout {
    public NoisyThenClean {
      requireBlockSize(blockSize);
      if (length < 1) {
        throw new IllegalArgumentException("length must be positive, was " + length);
      }
    }

    @Override
    public boolean allows(int query, int key) {
      boolean noisyQuery = query < length;
      boolean noisyKey = key < length;
      int queryBlock = query % length / blockSize;
      int keyBlock = key % length / blockSize;
      if (noisyQuery) {
        return noisyKey ? queryBlock == keyBlock : keyBlock < queryBlock;
      }
      return !noisyKey && keyBlock <= queryBlock;
    }

    @Override
    public boolean byIndex() {
      return true;
    }
  }

  /**
   * Samples packed into one row, each as {@link NoisyThenClean} counted from its own start, nothing
   * across samples (SDAR, arXiv:2510.06303). The row is {@code [xt | x0]}: all noisy samples, then
   * all clean ones.
   *
   * @param samples lengths, summing to L; queries and keys are indices in {@code [0, 2L)}
   */
  record PackedNoisyThenClean(int blockSize, List<Integer> samples) implements AttentionLayout {
    public PackedNoisyThenClean {
      requireBlockSize(blockSize);
      samples = List.copyOf(samples);
      if (samples.isEmpty() || samples.stream().anyMatch(length -> length < 1)) {
        throw new IllegalArgumentException("samples must have a token each, were " + samples);
      }
    }

    /** L. */
    public int length() {
      return samples.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public boolean allows(int query, int key) {
      int start = 0;
      int total = length();
      for (int length : samples) {
        boolean asks = isWithin(query % total, start, length);
        if (asks || isWithin(key % total, start, length)) {
          return asks
              && isWithin(key % total, start, length)
              && new NoisyThenClean(blockSize, length)
                  .allows(local(query, start, length, total), local(key, start, length, total));
        }
        start += length;
      }
      return false;
    }

    private static boolean isWithin(int index, int start, int length) {
      return index >= start && index < start + length;
    }

    private static int local(int index, int start, int length, int total) {
      return index % total - start + (index < total ? 0 : length);
    }

    @Override
    public boolean byIndex() {
      return true;
    }
  }

  /**
   * A row with padding: nobody sees the padding, which sees only itself so that every token sees
   * something. While decoding, leave the padding out of the pass instead; the rest is the same.
   *
   * @param real layout among the tokens {@code from} to {@code to}, asked with indices from 0
   */
  record Padded(AttentionLayout real, int from, int to) implements AttentionLayout {
    public Padded {
      if (from < 0 || to <= from) {
        throw new IllegalArgumentException("no token in [" + from + ", " + to + ")");
      }
    }

    @Override
    public boolean allows(int query, int key) {
      return isReal(query) && isReal(key) ? real.allows(query - from, key - from) : query == key;
    }

    private boolean isReal(int index) {
      return index >= from && index < to;
    }

    @Override
    public boolean byIndex() {
      return true;
    }
  }

  /**
   * A layout of its own for each sequence of a batch.
   *
   * @param each asked with indices within the sequence
   */
  record PerSequence(List<AttentionLayout> each) implements AttentionLayout {
    public PerSequence {
      each = List.copyOf(each);
    }

    @Override
    public boolean allows(int query, int key) {
      throw new UnsupportedOperationException("ask the layout of one sequence");
    }

    @Override
    public boolean byIndex() {
      return true;
    }
  }

  /** Whether the token at {@code query} may attend to the one at {@code key}. */
  boolean allows(int query, int key);

  /**
   * Whether {@link #allows} is asked with indices into the input rather than with absolute
   * positions.
   */
  default boolean byIndex() {
    return false;
  }

  private static void requireBlockSize(int blockSize) {
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size must be positive, was " + blockSize);
    }
  }
}
