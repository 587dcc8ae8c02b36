package dev.unmask.lm.random;

/**
 * Randomness as a pure function of its key: the same seed, stream and counters give the same number
 * on every thread, machine and restart, in whatever order they are asked for.
 *
 * <p>Counter-based after the idea of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3"
 * (2011); every counter is absorbed by one round of the 64-bit finaliser known from SplitMix
 * (Steele, Lea, Flood 2014). Not for secrets.
 *
 * @param key the state that the seed and all splits so far lead to
 */
public record KeyedRandom(long key) {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1.0p-52;

  /** The root generator of a seed. */
  public static KeyedRandom of(long seed) {
    return new KeyedRandom(absorb(GOLDEN_GAMMA, seed));
  }

  /** An independent generator for one purpose, sequence, epoch or layer. */
  public KeyedRandom split(long stream) {
    return new KeyedRandom(absorb(~key, stream));
  }

  /** An independent generator for a named purpose, for instance {@code "corruption"}. */
  public KeyedRandom split(String stream) {
    long hash = stream.length();
    for (int i = 0; i < stream.length(); i++) {
      hash = absorb(hash, stream.charAt(i));
    }
    return split(hash);
  }

  /** 64 uniform bits of the counters. */
  public long bits(long a, long b, long c) {
    return absorb(absorb(absorb(key, a), b), c);
  }

  /** 64 uniform bits of one counter. */
  public long bits(long a) {
    return bits(a, 0, 0);
  }

  /** A uniform double in the open interval (0, 1), an odd multiple of 2^-53: never 0, never 1. */
  public double uniform(long a, long b, long c) {
    return ((bits(a, b, c) >>> 12) + 0.5) * UNIT;
  }

  /** A uniform double in (0, 1) of one counter. */
  public double uniform(long a) {
    return uniform(a, 0, 0);
  }

  /** A uniform double in (0, 1) of two counters. */
  public double uniform(long a, long b) {
    return uniform(a, b, 0);
  }

  /** A standard normal draw (Box and Muller). */
  public double gaussian(long a, long b, long c) {
    KeyedRandom pair = new KeyedRandom(bits(a, b, c));
    return Math.sqrt(-2 * Math.log(pair.uniform(0))) * Math.cos(2 * Math.PI * pair.uniform(1));
  }

  /** A standard normal draw of one counter. */
  public double gaussian(long a) {
    return gaussian(a, 0, 0);
  }

  /**
   * A uniform integer in [0, bound), without modulo bias.
   *
   * @throws IllegalArgumentException if the bound is not positive
   */
  public int nextInt(int bound, long a, long b, long c) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive, was " + bound);
    }
    long bits = bits(a, b, c) >>> 1;
    while (bits - bits % bound + (bound - 1) < 0) { // the incomplete last interval: draw again
      bits = absorb(bits, GOLDEN_GAMMA) >>> 1;
    }
    return (int) (bits % bound);
  }

  /** A uniform integer in [0, bound) of one counter. */
  public int nextInt(int bound, long a) {
    return nextInt(bound, a, 0, 0);
  }

  /** A uniform permutation of 0..n-1 (Fisher and Yates). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int at = nextInt(i + 1, i);
      order[i] = order[at];
      order[at] = i;
    }
    return order;
  }

  private static long absorb(long state, long value) {
    return mix(state * 0xD1342543DE82EF95L + mix(value + GOLDEN_GAMMA));
  }

  private static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
