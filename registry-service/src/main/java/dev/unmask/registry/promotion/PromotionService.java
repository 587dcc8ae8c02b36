package dev.unmask.registry.promotion;

import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.model.ModelVersion;
import dev.unmask.registry.model.ModelVersionService;
import dev.unmask.registry.model.Promotion;
import dev.unmask.registry.model.RegisteredModel;
import dev.unmask.registry.model.RegisteredModelService;
import dev.unmask.registry.model.Stage;
import dev.unmask.registry.promotion.PromotionRule.Finding;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of promotion rules. */
@Service
class PromotionService {
  private static final String STAGE = "stage:";

  private final RegisteredModelService models;
  private final ModelVersionService versions;
  private final PromotionRules rules;
  private final RuleGate gate;
  private final AuditLog audit;

  PromotionService(
      RegisteredModelService models,
      ModelVersionService versions,
      PromotionRules rules,
      RuleGate gate,
      AuditLog audit) {
    this.models = models;
    this.versions = versions;
    this.rules = rules;
    this.gate = gate;
    this.audit = audit;
  }

  /**
   * What the rules say of a version.
   *
   * @param champion number of the version that the target names now; null if none
   */
  record Verdict(int version, @Nullable Integer champion, List<Finding> findings) {
    boolean promotable() {
      return findings.stream().allMatch(Finding::fulfilled);
    }
  }

  @Transactional(readOnly = true)
  public List<PromotionRule> rules(String teamId, String name, String target) {
    return rules.of(models.get(teamId, name).uid(), checked(target));
  }

  @Transactional
  public void replace(Caller caller, String name, String target, List<PromotionRule> wanted) {
    long model = models.get(caller.teamId(), name).uid();
    String checked = checked(target);
    rules.replace(model, checked, wanted);
    audit.record(caller, "promotion.rules", name + "@" + checked, wanted.size() + " rules");
  }

  @Transactional(readOnly = true)
  public Verdict check(String teamId, String name, String target, String ref) {
    RegisteredModel model = models.get(teamId, name);
    ModelVersion candidate = versions.resolve(teamId, name, ref);
    ModelVersion champion = champion(teamId, model, checked(target), candidate.version());
    Promotion promotion = new Promotion(model.uid(), checked(target), candidate, champion);
    return new Verdict(
        candidate.version(),
        champion == null ? null : champion.version(),
        gate.findings(teamId, promotion));
  }

  private @Nullable ModelVersion champion(
      String teamId, RegisteredModel model, String target, int candidate) {
    if (target.startsWith(STAGE)) {
      Stage stage = Stage.of(target.substring(STAGE.length()));
      return versions.all(teamId, model.name()).stream()
          .filter(other -> other.stage() == stage && other.version() != candidate)
          .findFirst()
          .orElse(null);
    }
    Integer version = model.aliases().get(target);
    return version == null ? null : versions.get(teamId, model.name(), version);
  }

  /** A stage in its own spelling; aliases are as they are. */
  private static String checked(String target) {
    if (!target.startsWith(STAGE)) {
      return target;
    }
    Stage stage = Stage.of(target.substring(STAGE.length()));
    if (stage != Stage.STAGING && stage != Stage.PRODUCTION) {
      throw UnmaskException.ofField(
          ErrorCode.INVALID_REQUEST,
          "target",
          "must be an alias, stage:Staging or stage:Production, was '" + target + "'");
    }
    return STAGE + stage.wireName();
  }
}
