package dev.unmask.registry.promotion;

import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.model.ModelVersion;
import dev.unmask.registry.model.Promotion;
import dev.unmask.registry.model.PromotionGate;
import dev.unmask.registry.promotion.PromotionRule.Finding;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunService;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lets a version pass that fulfils every rule of the target. */
@Component
class RuleGate implements PromotionGate {
  private final PromotionRules rules;
  private final RunService runs;

  RuleGate(PromotionRules rules, RunService runs) {
    this.rules = rules;
    this.runs = runs;
  }

  @Override
  public void check(String teamId, Promotion promotion) {
    List<String> unfulfilled =
        findings(teamId, promotion).stream()
            .filter(finding -> !finding.fulfilled())
            .map(Finding::message)
            .toList();
    if (!unfulfilled.isEmpty()) {
      throw new UnmaskException(
          ErrorCode.PROMOTION_REFUSED,
          "version %d of %s may not become '%s': %s"
              .formatted(
                  promotion.candidate().version(),
                  promotion.candidate().model(),
                  promotion.target(),
                  String.join("; ", unfulfilled)));
    }
  }

  /** What each rule of the target finds, in their order. */
  List<Finding> findings(String teamId, Promotion promotion) {
    List<PromotionRule> all = rules.of(promotion.modelUid(), promotion.target());
    if (all.isEmpty()) {
      return List.of();
    }
    Candidate candidate = candidate(teamId, promotion.candidate());
    ModelVersion held = promotion.champion();
    Candidate champion = held == null ? null : candidate(teamId, held);
    return all.stream().map(rule -> rule.judge(candidate, champion)).toList();
  }

  private Candidate candidate(String teamId, ModelVersion version) {
    return new Candidate(metrics(teamId, version.runId()), version.tags());
  }

  /** None where the run is gone: a version outlives it. */
  private Map<String, Double> metrics(String teamId, @Nullable String runId) {
    return Optional.ofNullable(runId)
        .flatMap(id -> runs.findDetails(teamId, id))
        .map(RuleGate::finiteMetrics)
        .orElse(Map.of());
  }

  private static Map<String, Double> finiteMetrics(Run.Details run) {
    return run.metrics().stream()
        .filter(point -> Double.isFinite(point.value()))
        .collect(Collectors.toMap(MetricPoint::key, MetricPoint::value));
  }
}
