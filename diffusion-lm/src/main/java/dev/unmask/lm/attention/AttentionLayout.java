package dev.unmask.lm.attention;

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
  }

  /**
   * Whether the token at {@code query} may attend to the one at {@code key}. Both are absolute
   * positions, except in {@link NoisyThenClean}.
   */
  boolean allows(int query, int key);

  private static void requireBlockSize(int blockSize) {
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size must be positive, was " + blockSize);
    }
  }
}
