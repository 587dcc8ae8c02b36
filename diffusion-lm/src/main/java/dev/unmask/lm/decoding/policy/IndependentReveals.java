package dev.unmask.lm.decoding.policy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;

/**
 * Each masked position is revealed with the step's share as its probability, whatever is predicted
 * there: the reverse process itself (algorithm "origin" of SMDM, arXiv:2410.18514, and Dream,
 * arXiv:2508.15487).
 *
 * @param grid times of the steps
 * @param idleSteps whether the network also runs at steps that reveal nothing, as in the published
 *     code
 */
public record IndependentReveals(RevealGrid grid, boolean idleSteps) implements RevealPolicy {
  @Override
  public Reveals begin(int masked, RevealUniforms uniforms) {
    return new Decisions(grid, idleSteps, uniforms);
  }

  private record Decisions(RevealGrid grid, boolean idleSteps, RevealUniforms uniforms)
      implements Reveals {
    @Override
    public int[] asked(int[] masked, int step) {
      if (idleSteps) {
        return masked;
      }
      return Arrays.stream(masked).filter(position -> revealed(position, step)).toArray();
    }

    @Override
    public BitSet select(Candidates candidates, int[] asked, int step) {
      BitSet chosen = new BitSet();
      for (int i = 0; i < asked.length; i++) {
        chosen.set(i, revealed(asked[i], step));
      }
      return chosen;
    }

    private boolean revealed(int position, int step) {
      return uniforms.uniform(step, position) < grid.share(step);
    }
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("steps", grid.steps(), "eps", grid.eps(), "score", "none");
  }
}
