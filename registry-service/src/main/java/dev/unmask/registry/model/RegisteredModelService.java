package dev.unmask.registry.model;

import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.query.PageToken;
import dev.unmask.support.security.Caller;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of registered models, their tags and aliases; all within the caller's team. */
@Service
public class RegisteredModelService {
  private final RegisteredModelRepository models;
  private final ModelVersionRepository versions;
  private final ModelEntries entries;
  private final AuditLog audit;
  private final Clock clock;

  RegisteredModelService(
      RegisteredModelRepository models,
      ModelVersionRepository versions,
      ModelEntries entries,
      AuditLog audit,
      Clock clock) {
    this.models = models;
    this.versions = versions;
    this.entries = entries;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional
  public RegisteredModel create(
      Caller caller, String name, @Nullable String description, SortedMap<String, String> tags) {
    ModelRules.checkName(name);
    ModelRules.checkTags(tags);
    if (models.findByTeamIdAndName(caller.teamId(), name).isPresent()) {
      throw ModelRules.taken(name);
    }
    RegisteredModelEntity fresh =
        new RegisteredModelEntity(caller.teamId(), name, description, clock.millis());
    try {
      fresh = models.saveAndFlush(fresh);
    } catch (DataIntegrityViolationException raced) {
      throw ModelRules.taken(name);
    }
    entries.modelTags().put(fresh.uid(), tags);
    audit.record(caller, "model.create", name, null);
    return load(List.of(fresh)).getFirst();
  }

  @Transactional(readOnly = true)
  public RegisteredModel get(String teamId, String name) {
    return load(List.of(find(teamId, name))).getFirst();
  }

  @Transactional(readOnly = true)
  public Page<RegisteredModel> search(
      String teamId, Filter filter, List<OrderClause> order, int most, PageToken start) {
    ModelSearchSql sql = ModelSearchSql.models(teamId, filter, order, most, start);
    return Page.of(entries.uids(sql.text(), sql.parameters()), most, start).map(this::loadUids);
  }

  @Transactional
  public RegisteredModel rename(Caller caller, String name, String newName) {
    ModelRules.checkName(newName);
    RegisteredModelEntity model = lock(caller.teamId(), name);
    if (!newName.equals(name) && models.findByTeamIdAndName(caller.teamId(), newName).isPresent()) {
      throw ModelRules.taken(newName);
    }
    model.rename(newName, clock.millis());
    audit.record(caller, "model.rename", name, newName);
    return load(List.of(model)).getFirst();
  }

  @Transactional
  public RegisteredModel describe(Caller caller, String name, @Nullable String description) {
    RegisteredModelEntity model = lock(caller.teamId(), name);
    model.describe(description, clock.millis());
    return load(List.of(model)).getFirst();
  }

  @Transactional
  public void delete(Caller caller, String name) {
    RegisteredModelEntity model = lock(caller.teamId(), name);
    audit.record(caller, "model.delete", name, null);
    models.delete(model);
  }

  @Transactional
  public void setTag(Caller caller, String name, String key, String value) {
    SortedMap<String, String> tag = new TreeMap<>(Map.of(key, value));
    ModelRules.checkTags(tag);
    entries.modelTags().put(lock(caller.teamId(), name).uid(), tag);
  }

  @Transactional
  public void deleteTag(Caller caller, String name, String key) {
    entries.modelTags().remove(lock(caller.teamId(), name).uid(), key);
  }

  /** Points an alias at a version, moving it when it exists. */
  @Transactional
  public void setAlias(Caller caller, String name, String alias, int version) {
    ModelRules.checkAlias(alias);
    RegisteredModelEntity model = lock(caller.teamId(), name);
    if (versions.findByModelUidAndVersionAndDeletedFalse(model.uid(), version).isEmpty()) {
      throw ModelRules.unknownVersion(name, version);
    }
    String before = entries.alias(model.uid(), alias).map(old -> old + " -> ").orElse("");
    entries.setAlias(model.uid(), alias, version);
    model.touch(clock.millis());
    audit.record(caller, "alias.set", name + "@" + alias, before + version);
  }

  /** An alias that does not exist is fine. */
  @Transactional
  public void deleteAlias(Caller caller, String name, String alias) {
    RegisteredModelEntity model = lock(caller.teamId(), name);
    entries.removeAlias(model.uid(), alias);
    audit.record(caller, "alias.delete", name + "@" + alias, null);
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

  private List<RegisteredModel> loadUids(List<Long> uids) {
    Map<Long, RegisteredModelEntity> byUid = new HashMap<>();
    models.findByUidIn(uids).forEach(model -> byUid.put(model.uid(), model));
    return load(uids.stream().map(byUid::get).filter(Objects::nonNull).toList());
  }

  private List<RegisteredModel> load(List<RegisteredModelEntity> found) {
    List<Long> uids = found.stream().map(RegisteredModelEntity::uid).toList();
    Map<Long, SortedMap<String, String>> tags = entries.modelTags().of(uids);
    Map<Long, SortedMap<String, Integer>> aliases = entries.aliases(uids);
    Map<Long, Map<Stage, ModelVersionEntity>> latest = latestByStage(uids);
    Map<Long, SortedMap<String, String>> versionTags =
        entries
            .versionTags()
            .of(
                latest.values().stream()
                    .flatMap(ofModel -> ofModel.values().stream())
                    .map(ModelVersionEntity::uid)
                    .toList());
    return found.stream()
        .map(
            model -> {
              SortedMap<String, Integer> aliasesOf =
                  aliases.getOrDefault(model.uid(), new TreeMap<>());
              return new RegisteredModel(
                  model.uid(),
                  model.name(),
                  model.description(),
                  model.createdAt(),
                  model.updatedAt(),
                  tags.getOrDefault(model.uid(), new TreeMap<>()),
                  aliasesOf,
                  latest.getOrDefault(model.uid(), Map.of()).values().stream()
                      .map(
                          v ->
                              v.toDomain(model.name(), named(aliasesOf, v), tagsOf(versionTags, v)))
                      .toList());
            })
        .toList();
  }

  private static SortedMap<String, String> tagsOf(
      Map<Long, SortedMap<String, String>> tags, ModelVersionEntity version) {
    return tags.getOrDefault(version.uid(), new TreeMap<>());
  }

  private static List<String> named(SortedMap<String, Integer> aliases, ModelVersionEntity v) {
    return aliases.entrySet().stream()
        .filter(alias -> alias.getValue() == v.version())
        .map(Map.Entry::getKey)
        .toList();
  }

  private Map<Long, Map<Stage, ModelVersionEntity>> latestByStage(Collection<Long> modelUids) {
    Map<Long, Map<Stage, ModelVersionEntity>> latest = new HashMap<>();
    if (modelUids.isEmpty()) {
      return latest;
    }
    for (ModelVersionEntity version : versions.findLatestOfEachStage(modelUids)) {
      latest
          .computeIfAbsent(version.modelUid(), uid -> new TreeMap<>())
          .put(version.stage(), version);
    }
    return latest;
  }
}
