package dev.unmask.lm.decoding;

import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import org.jspecify.annotations.Nullable;

/**
 * A family's way to decide what a denoising step unmasks, by the name that requests give it.
 *
 * @param threshold what it goes by when a request does not say; NaN for one that has no threshold
 * @param rule its policy
 */
public record Algorithm(String name, double threshold, Rule rule) {
  /** The policy that an algorithm stands for. */
  @FunctionalInterface
  public interface Rule {
    /**
     * @param settings length, block size and cache of the answer; their policy counts for nothing
     * @param steps denoising steps of the whole answer
     * @param threshold in the algorithm's own unit; NaN where it has none
     */
    DecodingPolicy policy(DecodeSettings settings, int steps, double threshold);
  }

  /** The policy of an algorithm that goes by a number of steps only. */
  @FunctionalInterface
  public interface StepRule {
    DecodingPolicy policy(DecodeSettings settings, int steps);
  }

  /** The same number of tokens at every step. */
  public static Algorithm even(String name) {
    return bySteps(
        name,
        (settings, steps) -> new FixedTokensPerStep(Math.ceilDiv(settings.maxTokens(), steps)));
  }

  /** One without a threshold. */
  public static Algorithm bySteps(String name, StepRule rule) {
    return new Algorithm(
        name, Double.NaN, (settings, steps, threshold) -> rule.policy(settings, steps));
  }

  /**
   * The policy for an answer.
   *
   * @param steps of the whole answer, null for one token a step
   * @param given null for {@link #threshold}
   * @throws DecodeSettingException if a threshold is given to an algorithm that has none
   */
  public DecodingPolicy policy(
      DecodeSettings settings, @Nullable Integer steps, @Nullable Double given) {
    if (given != null && Double.isNaN(threshold)) {
      throw new DecodeSettingException("threshold", "does not go with " + name);
    }
    return rule.policy(
        settings, steps == null ? settings.maxTokens() : steps, given == null ? threshold : given);
  }

  /** Steps of each block when {@code steps} are shared out evenly: none more, one at least. */
  public static int ofEachBlock(DecodeSettings settings, int steps) {
    return Math.max(1, steps / Math.ceilDiv(settings.maxTokens(), settings.blockSize()));
  }
}
