package dev.unmask.registry.model;

import dev.unmask.registry.audit.AuditLog;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of aliases: which version a name such as {@code champion} stands for. */
@Service
public class AliasService {
  private final RegisteredModelRepository models;
  private final ModelVersionService versions;
  private final ModelEntries entries;
  private final AliasHistory history;
  private final List<PromotionGate> gates;
  private final AuditLog audit;
  private final Clock clock;

  AliasService(
      RegisteredModelRepository models,
      ModelVersionService versions,
      ModelEntries entries,
      AliasHistory history,
      List<PromotionGate> gates,
      AuditLog audit,
      Clock clock) {
    this.models = models;
    this.versions = versions;
    this.entries = entries;
    this.history = history;
    this.gates = List.copyOf(gates);
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Points an alias at a version, moving it when it exists; one that points there stays untouched.
   *
   * @throws UnmaskException PROMOTION_REFUSED when a rule of the alias is not fulfilled
   */
  @Transactional
  public void set(Caller caller, String name, String alias, int version) {
    ModelRules.checkAlias(alias);
    RegisteredModelEntity model = lock(caller.teamId(), name);
    ModelVersion candidate = versions.get(caller.teamId(), name, version);
    Integer previous = entries.alias(model.uid(), alias).orElse(null);
    if (Objects.equals(previous, version)) {
      return;
    }
    Promotion promotion =
        new Promotion(model.uid(), alias, candidate, champion(caller.teamId(), name, previous));
    gates.forEach(gate -> gate.check(caller.teamId(), promotion));
    move(caller, model, alias, AliasChange.Kind.SET, version, previous);
  }

  /** An alias that does not exist is fine. */
  @Transactional
  public void remove(Caller caller, String name, String alias) {
    RegisteredModelEntity model = lock(caller.teamId(), name);
    Integer previous = entries.alias(model.uid(), alias).orElse(null);
    if (previous != null) {
      entries.removeAlias(model.uid(), alias);
      history.record(caller, model, alias, AliasChange.Kind.REMOVED, null, previous);
    }
    audit.record(caller, "alias.delete", name + "@" + alias, null);
  }

  /** The newest moves of an alias, the last one first; none for one that never existed. */
  @Transactional(readOnly = true)
  public List<AliasChange> history(String teamId, String name, String alias, int most) {
    return history.newest(find(teamId, name).uid(), alias, most);
  }

  /**
   * Points an alias at the version that it stood for before, passing over deleted ones. No rule is
   * asked: what was good enough once must stay within reach when its successor fails.
   *
   * @return the version that it stands for now
   * @throws UnmaskException CONFLICT when there is none to go back to
   */
  @Transactional
  public int rollBack(Caller caller, String name, String alias) {
    RegisteredModelEntity model = lock(caller.teamId(), name);
    int version =
        history.wayBack(model.uid(), alias).stream()
            .filter(earlier -> versions.exists(caller.teamId(), name, earlier))
            .findFirst()
            .orElseThrow(
                () ->
                    new UnmaskException(
                        ErrorCode.CONFLICT,
                        "the alias '"
                            + alias
                            + "' of "
                            + name
                            + " never stood for another version that still exists: set it to the"
                            + " version that you want"));
    Integer previous = entries.alias(model.uid(), alias).orElse(null);
    move(caller, model, alias, AliasChange.Kind.ROLLED_BACK, version, previous);
    return version;
  }

  private void move(
      Caller caller,
      RegisteredModelEntity model,
      String alias,
      AliasChange.Kind kind,
      int version,
      @Nullable Integer previous) {
    entries.setAlias(model.uid(), alias, version);
    model.touch(clock.millis());
    history.record(caller, model, alias, kind, version, previous);
    audit.record(
        caller,
        kind == AliasChange.Kind.SET ? "alias.set" : "alias.rollback",
        model.name() + "@" + alias,
        (previous == null ? "" : previous + " -> ") + version);
  }

  private @Nullable ModelVersion champion(String teamId, String name, @Nullable Integer version) {
    return version == null ? null : versions.get(teamId, name, version);
  }

  private RegisteredModelEntity find(String teamId, String name) {
    return models
        .findByTeamIdAndName(teamId, name)
        .orElseThrow(() -> ModelRules.unknownModel(name));
  }

  private RegisteredModelEntity lock(String teamId, String name) {
    return models
        .findLockedByTeamIdAndName(teamId, name)
        .orElseThrow(() -> ModelRules.unknownModel(name));
  }
}
