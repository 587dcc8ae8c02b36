package dev.unmask.lm.decoding.policy;

import java.util.BitSet;
import java.util.Map;

/**
 * Even shares of the canvas, of which only confident positions are taken and the others carried
 * over: a step considers its share of the masked positions and what earlier steps left, in order of
 * confidence, reveals the first and of the others those at least as confident as the threshold.
 * Steps are added until nothing is left (Fast-dLLM's threshold for Dream without blocks,
 * arXiv:2505.22618).
 *
 * @param steps among which the canvas is shared out
 * @param threshold least confidence of all but the first, in (0, 1]
 * @param dropsRemainder whether the positions that do not divide evenly are considered by no step
 *     and stay masked, as in the published code; otherwise early steps consider one more
 */
public record CarriedQuota(int steps, double threshold, boolean dropsRemainder)
    implements RevealPolicy {
  public CarriedQuota {
    DecodeSettingException.check(steps >= 1, "steps", "at least 1", steps);
    DecodeSettingException.check(
        threshold > 0 && threshold <= 1, "threshold", "in (0, 1]", threshold);
  }

  @Override
  public Reveals begin(int masked, RevealUniforms uniforms) {
    return new Decisions(this, masked);
  }

  private static final class Decisions implements Reveals {
    private final CarriedQuota policy;
    private final int share;
    private final int larger;
    private int carried;

    Decisions(CarriedQuota policy, int masked) {
      this.policy = policy;
      this.share = masked / policy.steps;
      this.larger = policy.dropsRemainder ? 0 : masked % policy.steps;
    }

    @Override
    public int[] asked(int[] masked, int step) {
      return policy.dropsRemainder || considered(step) > 0 ? masked : new int[0];
    }

    private int considered(int step) {
      int own = step < policy.steps ? share + (step < larger ? 1 : 0) : 0;
      return own + carried;
    }

    @Override
    public BitSet select(Candidates candidates, int[] asked, int step) {
      BitSet all = new BitSet();
      all.set(0, asked.length);
      int[] order = Ranking.descending(candidates.confidence(), all);
      int considered = Math.min(considered(step), order.length);
      BitSet chosen = new BitSet();
      for (int rank = 0; rank < considered; rank++) {
        boolean confident = candidates.confidence()[order[rank]] >= policy.threshold;
        chosen.set(order[rank], rank == 0 || confident);
      }
      carried = considered - chosen.cardinality();
      return chosen;
    }

    @Override
    public boolean exhausted(int step) {
      return policy.dropsRemainder && step >= policy.steps && carried == 0;
    }
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("steps", steps, "threshold", threshold);
  }
}
