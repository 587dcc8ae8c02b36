package dev.unmask.lm.family.dsm;

/** How noisy embeddings go back to text. */
public sealed interface TextSampler {
  /**
   * Draws from the posterior of every step (DDPM); noise is scaled by {@code temperature}, where 1
   * is exact and less gives more probable and less varied text.
   */
  record Ancestral(int steps, double temperature) implements TextSampler {
    public Ancestral {
      requireSteps(steps);
      if (!(temperature >= 0)) {
        throw new IllegalArgumentException("temperature must not be negative, was " + temperature);
      }
    }

    @Override
    public int passes() {
      return steps;
    }
  }

  /** Follows the probability flow, so that only the first noise is random (DDIM). */
  record Flow(int steps) implements TextSampler {
    public Flow {
      requireSteps(steps);
    }

    @Override
    public int passes() {
      return steps;
    }
  }

  /**
   * Annealed Langevin dynamics over levels of noise spaced evenly in time.
   *
   * @param stepShare length of a step as a share of the level's variance
   */
  record Langevin(int levels, int stepsPerLevel, double stepShare) implements TextSampler {
    public Langevin {
      requireSteps(levels);
      requireSteps(stepsPerLevel);
    }

    @Override
    public int passes() {
      return levels * stepsPerLevel;
    }
  }

  /** Forward passes. */
  int passes();

  private static void requireSteps(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be positive, was " + steps);
    }
  }
}
