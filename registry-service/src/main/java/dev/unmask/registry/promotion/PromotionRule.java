package dev.unmask.registry.promotion;

import org.jspecify.annotations.Nullable;

/** A condition that a version must fulfil to be promoted. */
sealed interface PromotionRule {

  /** Which values of a metric are better. */
  enum Better {
    LOWER,
    HIGHER
  }

  /** The run measured it, and found a number. */
  record MetricPresent(String metric) implements PromotionRule {}

  /** Whatever the champion has. */
  record MetricLimit(String metric, Better better, double limit) implements PromotionRule {}

  /**
   * Better than the champion's.
   *
   * @param margin by at least so much, 0 for any improvement
   */
  record MetricBetter(String metric, Better better, double margin) implements PromotionRule {}

  /**
   * Somebody, or some job, has said so.
   *
   * @param value null for any
   */
  record TagPresent(String key, @Nullable String value) implements PromotionRule {}

  /** What a rule found. */
  record Finding(PromotionRule rule, boolean fulfilled, String message) {}

  /**
   * Judges a candidate.
   *
   * @param candidate version with the latest finite metrics of its run
   * @param champion the version that the target names now; null if none
   */
  default Finding judge(Candidate candidate, @Nullable Candidate champion) {
    return switch (this) {
      case MetricPresent(String metric) -> {
        Double value = candidate.metrics().get(metric);
        yield value == null
            ? new Finding(this, false, absent(metric))
            : new Finding(this, true, metric + " is " + value);
      }
      case MetricLimit limit -> limit(limit, candidate.metrics().get(limit.metric()));
      case MetricBetter better -> better(better, candidate, champion);
      case TagPresent tag -> tag(tag, candidate.tags().get(tag.key()));
    };
  }

  private static Finding limit(MetricLimit rule, @Nullable Double value) {
    if (value == null) {
      return new Finding(rule, false, absent(rule.metric()));
    }
    boolean fulfilled =
        rule.better() == Better.LOWER ? value <= rule.limit() : value >= rule.limit();
    return new Finding(
        rule,
        fulfilled,
        "%s is %s, must be %s %s"
            .formatted(
                rule.metric(),
                value,
                rule.better() == Better.LOWER ? "at most" : "at least",
                rule.limit()));
  }

  private static Finding better(
      MetricBetter rule, Candidate candidate, @Nullable Candidate champion) {
    Double value = candidate.metrics().get(rule.metric());
    if (value == null) {
      return new Finding(rule, false, absent(rule.metric()));
    }
    Double held = champion == null ? null : champion.metrics().get(rule.metric());
    if (held == null) {
      return new Finding(
          rule, true, rule.metric() + " is " + value + ", with none to compare with");
    }
    double gain = rule.better() == Better.LOWER ? held - value : value - held;
    return new Finding(
        rule,
        rule.margin() == 0 ? gain > 0 : gain >= rule.margin(),
        "%s is %s, the present version's is %s; must be %s%s"
            .formatted(
                rule.metric(),
                value,
                held,
                rule.better() == Better.LOWER ? "lower" : "higher",
                rule.margin() == 0 ? "" : " by at least " + rule.margin()));
  }

  private static Finding tag(TagPresent rule, @Nullable String value) {
    if (value == null) {
      return new Finding(rule, false, "the version has no tag '" + rule.key() + "'");
    }
    boolean fulfilled = rule.value() == null || rule.value().equals(value);
    return new Finding(
        rule,
        fulfilled,
        fulfilled
            ? "has the tag '" + rule.key() + "'"
            : "the tag '" + rule.key() + "' must be '" + rule.value() + "'");
  }

  private static String absent(String metric) {
    return "the version's run has no finite metric '" + metric + "'";
  }
}
