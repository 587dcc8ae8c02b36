package dev.unmask.lm.decoding.policy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.Map;

/**
 * A step reveals the positions of highest score, as many as the ratio rule gives it (SMDM's greedy
 * sampler, arXiv:2410.18514; maskgit_plus, topk_margin and entropy of Dream, arXiv:2508.15487). The
 * budget is that of one canvas. The published samplers take it over all rows of a batch, SMDM for
 * the batch as a whole and Dream as the mean over its rows, which is the same for a batch of one.
 *
 * @param grid times of the steps
 * @param score what ranks the positions
 * @param noise temperature at which positions are drawn without replacement from the softmax of
 *     their scores; 0 takes the best ({@code alg_temp} of Dream)
 * @param idleSteps whether the network also runs at steps that reveal nothing, as in the published
 *     code
 */
public record RankedReveals(RevealGrid grid, Score score, double noise, boolean idleSteps)
    implements RevealPolicy {
  public RankedReveals {
    DecodeSettingException.check(noise >= 0, "scoreTemperature", "at least 0", noise);
  }

  /** What ranks the positions; the highest is revealed first. */
  public enum Score {
    /** Probability of the drawn token. */
    CONFIDENCE,
    /** Lead of the most probable token over the runner-up. */
    MARGIN,
    /** Minus the entropy, in nats. */
    NEGATIVE_ENTROPY;

    /** The score of every position. */
    public double[] of(Candidates candidates) {
      return switch (this) {
        case CONFIDENCE -> candidates.confidence();
        case MARGIN -> candidates.margin();
        case NEGATIVE_ENTROPY -> Arrays.stream(candidates.entropy()).map(h -> -h).toArray();
      };
    }
  }

  @Override
  public Reveals begin(int masked, RevealUniforms uniforms) {
    return new Decisions(this, uniforms);
  }

  private record Decisions(RankedReveals policy, RevealUniforms uniforms) implements Reveals {
    @Override
    public int[] asked(int[] masked, int step) {
      boolean idle = policy.grid.count(masked.length, step) == 0;
      return idle && !policy.idleSteps ? new int[0] : masked;
    }

    @Override
    public BitSet select(Candidates candidates, int[] asked, int step) {
      int count = policy.grid.count(asked.length, step);
      return TopScores.of(keys(candidates, asked, step), count);
    }

    /** The highest of scores with Gumbel noise are a draw without replacement. */
    private double[] keys(Candidates candidates, int[] asked, int step) {
      double[] keys = policy.score.of(candidates).clone();
      if (policy.noise > 0) {
        for (int i = 0; i < keys.length; i++) {
          double gumbel = -Math.log(-Math.log(uniforms.uniform(step, asked[i])));
          keys[i] = keys[i] / policy.noise + gumbel;
        }
      }
      return keys;
    }
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of(
        "steps",
        grid.steps(),
        "eps",
        grid.eps(),
        "score",
        score.name().toLowerCase(Locale.ROOT),
        "score_temperature",
        noise);
  }
}
