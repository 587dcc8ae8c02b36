package dev.unmask.registry.promotion;

import dev.unmask.registry.api.PromotionApi.Better;
import dev.unmask.registry.api.PromotionApi.Kind;
import dev.unmask.registry.api.PromotionApi.Rule;
import dev.unmask.registry.api.PromotionApi.Rules;
import dev.unmask.registry.promotion.PromotionRule.MetricBetter;
import dev.unmask.registry.promotion.PromotionRule.MetricLimit;
import dev.unmask.registry.promotion.PromotionRule.MetricPresent;
import dev.unmask.registry.promotion.PromotionRule.TagPresent;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rules as JSON has them, both ways. */
final class RuleMessages {
  private RuleMessages() {}

  static Rules of(List<PromotionRule> rules) {
    return new Rules(rules.stream().map(RuleMessages::of).toList());
  }

  static Rule of(PromotionRule rule) {
    return switch (rule) {
      case MetricPresent(String metric) -> new Rule(Kind.METRIC_PRESENT, metric, null, null, null);
      case MetricLimit(String metric, PromotionRule.Better better, double limit) ->
          new Rule(Kind.METRIC_LIMIT, metric, of(better), limit, null);
      case MetricBetter(String metric, PromotionRule.Better better, double margin) ->
          new Rule(Kind.METRIC_BETTER, metric, of(better), margin, null);
      case TagPresent tag -> new Rule(Kind.TAG, tag.key(), null, null, tag.value());
    };
  }

  /**
   * @throws UnmaskException naming every field that a rule of its kind lacks or has no use for
   */
  static List<PromotionRule> read(Rules rules) {
    List<FieldFault> faults = new ArrayList<>();
    for (int i = 0; i < rules.rules().size(); i++) {
      check("rules[" + i + "].", rules.rules().get(i), faults);
    }
    if (!faults.isEmpty()) {
      throw UnmaskException.ofFields(ErrorCode.INVALID_REQUEST, faults);
    }
    return rules.rules().stream().map(RuleMessages::read).toList();
  }

  private static PromotionRule read(Rule rule) {
    return switch (rule.kind()) {
      case METRIC_PRESENT -> new MetricPresent(rule.key());
      case METRIC_LIMIT -> new MetricLimit(rule.key(), better(rule), number(rule));
      case METRIC_BETTER -> new MetricBetter(rule.key(), better(rule), number(rule));
      case TAG -> new TagPresent(rule.key(), rule.value());
    };
  }

  private static void check(String path, Rule rule, List<FieldFault> faults) {
    boolean compares = rule.kind() == Kind.METRIC_LIMIT || rule.kind() == Kind.METRIC_BETTER;
    need(path + "better", rule.better(), compares, faults);
    need(path + "number", rule.number(), compares, faults);
    if (rule.value() != null && rule.kind() != Kind.TAG) {
      faults.add(new FieldFault(path + "value", "is for rules of kind 'tag' only; leave it out"));
    }
    Double number = rule.number();
    if (number != null && !Double.isFinite(number)) {
      faults.add(new FieldFault(path + "number", "must be finite, was " + number));
    } else if (number != null && number < 0 && rule.kind() == Kind.METRIC_BETTER) {
      faults.add(new FieldFault(path + "number", "must not be negative, was " + number));
    }
  }

  private static void need(
      String field, @Nullable Object value, boolean needed, List<FieldFault> faults) {
    if (needed && value == null) {
      faults.add(new FieldFault(field, "is needed by rules of this kind"));
    } else if (!needed && value != null) {
      faults.add(new FieldFault(field, "is not used by rules of this kind; leave it out"));
    }
  }

  private static double number(Rule rule) {
    return Objects.requireNonNull(rule.number());
  }

  private static PromotionRule.Better better(Rule rule) {
    return Objects.requireNonNull(rule.better()) == Better.LOWER
        ? PromotionRule.Better.LOWER
        : PromotionRule.Better.HIGHER;
  }

  private static Better of(PromotionRule.Better better) {
    return better == PromotionRule.Better.LOWER ? Better.LOWER : Better.HIGHER;
  }
}
