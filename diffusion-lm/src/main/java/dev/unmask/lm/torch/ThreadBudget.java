package dev.unmask.lm.torch;

/** How many threads to compute on, given how busy the cores are with the work of others. */
final class ThreadBudget {
  /** A thread is given up when others take more than half of its core. */
  private static final double GIVEN_UP = 0.5;

  /** And taken back when they take less than this: in between nothing changes. */
  private static final double TAKEN_BACK = 0.3;

  private final int cores;
  private final int all;
  private int threads;

  /**
   * @param cores of the machine, or as many as the process may use
   * @param all threads where nobody else computes
   */
  ThreadBudget(int cores, int all) {
    this.cores = cores;
    this.all = all;
    this.threads = all;
  }

  int threads() {
    return threads;
  }

  /**
   * Takes note of a while.
   *
   * @param others cores that the work of others took
   */
  void observe(double others) {
    double free = cores - others;
    int fewer = bounded(free + GIVEN_UP);
    int more = bounded(free + TAKEN_BACK);
    if (fewer < threads) {
      threads = fewer;
    } else if (more > threads) {
      threads = more;
    }
  }

  private int bounded(double free) {
    return Math.clamp((long) free, 1, all);
  }
}
