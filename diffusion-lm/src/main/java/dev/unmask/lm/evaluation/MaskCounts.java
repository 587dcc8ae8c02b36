package dev.unmask.lm.evaluation;

/** How many tokens each draw of a batch masks, all from one random start. */
public enum MaskCounts {
  /** Spread over 1..L by whole numbers: every count is equally likely for each draw. */
  EVEN {
    @Override
    int count(int length, int draws, int first, int draw) {
      int offset = (int) ((long) draw * length / draws);
      return (first - 1 + offset) % length + 1;
    }
  },
  /**
   * LLaDA's published grid (arXiv:2502.09992), rounded half to even. Unless the number of draws
   * divides the length some counts are more likely than others, so that the bound is biased; for
   * comparison with published numbers only.
   */
  PUBLISHED {
    @Override
    int count(int length, int draws, int first, int draw) {
      double step = draws == 1 ? 0 : (draws - 1) * ((double) length / draws) / (draws - 1);
      int count = (int) Math.rint(first + draw * step);
      return (count - 1) % length + 1;
    }
  };

  /** Tokens that one draw masks; {@code draw} in [0, draws), the rest as in {@link #of}. */
  abstract int count(int length, int draws, int first, int draw);

  /**
   * @param length L, tokens that are scored
   * @param draws of the batch
   * @param first random start in 1..L
   * @return a number in 1..L for each draw
   */
  public int[] of(int length, int draws, int first) {
    int[] counts = new int[draws];
    for (int draw = 0; draw < draws; draw++) {
      counts[draw] = count(length, draws, first, draw);
    }
    return counts;
  }
}
