package dev.unmask.registry.model;

import dev.unmask.registry.artifact.Artifact;
import dev.unmask.registry.artifact.ArtifactPath;
import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.Page;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of model versions; everything is looked up within the caller's team. */
@Service
public class ModelVersionService {
  private static final Pattern VERSION = Pattern.compile("models:/([^/@]+)/(\\d{1,9})");

  private final RegisteredModelRepository models;
  private final ModelVersionRepository versions;
  private final ModelEntries entries;
  private final ModelSources sources;
  private final AliasHistory history;
  private final List<PromotionGate> gates;
  private final ApplicationEventPublisher events;
  private final AuditLog audit;
  private final Clock clock;

  ModelVersionService(
      RegisteredModelRepository models,
      ModelVersionRepository versions,
      ModelEntries entries,
      ModelSources sources,
      AliasHistory history,
      List<PromotionGate> gates,
      ApplicationEventPublisher events,
      AuditLog audit,
      Clock clock) {
    this.models = models;
    this.versions = versions;
    this.entries = entries;
    this.sources = sources;
    this.history = history;
    this.gates = List.copyOf(gates);
    this.events = events;
    this.audit = audit;
    this.clock = clock;
  }

  /** Snapshots the files under the source; neither they nor the digest ever change. */
  @Transactional
  public ModelVersion create(Caller caller, NewVersion wanted) {
    ModelRules.checkTags(wanted.tags());
    RegisteredModelEntity model =
        models
            .findLockedByTeamIdAndName(caller.teamId(), wanted.model())
            .orElseThrow(() -> ModelRules.unknownModel(wanted.model()));
    ModelSource source = sourceOf(caller.teamId(), wanted);
    long now = clock.millis();
    ModelVersionEntity fresh =
        versions.saveAndFlush(
            new ModelVersionEntity(
                model.uid(),
                model.nextVersion(now),
                wanted,
                source,
                source.manifest().digest(),
                now));
    entries.putManifest(fresh.uid(), source.manifest());
    entries.versionTags().put(fresh.uid(), wanted.tags());
    String details = source.manifest().digest() + " from " + wanted.source();
    audit.record(caller, "version.create", wanted.model() + "/" + fresh.version(), details);
    events.publishEvent(
        new VersionCreated(
            caller.teamId(),
            wanted.model(),
            fresh.version(),
            source.manifest().digest(),
            source.runId()));
    return fresh.toDomain(wanted.model(), List.of(), wanted.tags());
  }

  /** A version may be made of another one, and then has the very same files. */
  private ModelSource sourceOf(String teamId, NewVersion wanted) {
    Matcher other = VERSION.matcher(wanted.source());
    if (!other.matches()) {
      return sources.resolve(teamId, wanted);
    }
    ModelVersionEntity version = find(teamId, other.group(1), Integer.parseInt(other.group(2)));
    return version.asSource(entries.manifestToCopy(version.uid()));
  }

  @Transactional(readOnly = true)
  public ModelVersion get(String teamId, String name, int version) {
    return loaded(find(teamId, name, version), name);
  }

  boolean exists(String teamId, String name, int version) {
    return models
        .findByTeamIdAndName(teamId, name)
        .flatMap(model -> versions.findByModelUidAndVersionAndDeletedFalse(model.uid(), version))
        .isPresent();
  }

  /**
   * @param ref a number such as {@code 3}, or an alias such as {@code @champion}
   */
  @Transactional(readOnly = true)
  public ModelVersion resolve(String teamId, String name, String ref) {
    if (ref.startsWith("@")) {
      return getByAlias(teamId, name, ref.substring(1));
    }
    try {
      return get(teamId, name, Integer.parseInt(ref));
    } catch (NumberFormatException notANumber) {
      throw new UnmaskException(
          ErrorCode.MODEL_REFERENCE_INVALID,
          "a version is named by its number or by @ and an alias, was '" + ref + "'");
    }
  }

  /**
   * @throws UnmaskException MODEL_ALIAS_NOT_FOUND when the model has no such alias
   */
  @Transactional(readOnly = true)
  public ModelVersion getByAlias(String teamId, String name, String alias) {
    RegisteredModelEntity model = findModel(teamId, name);
    int version =
        entries.alias(model.uid(), alias).orElseThrow(() -> ModelRules.unknownAlias(alias));
    return get(teamId, name, version);
  }

  /** The newest version of each of the stages; of every stage where none is named. */
  @Transactional(readOnly = true)
  public List<ModelVersion> latest(String teamId, String name, List<Stage> stages) {
    RegisteredModelEntity model = findModel(teamId, name);
    List<ModelVersionEntity> latest =
        versions.findLatestByStage(List.of(model.uid())).stream()
            .filter(version -> stages.isEmpty() || stages.contains(version.stage()))
            .sorted(Comparator.comparing(ModelVersionEntity::stage))
            .toList();
    return load(latest, Map.of(model.uid(), name));
  }

  /** All versions of a model, newest first. */
  @Transactional(readOnly = true)
  public List<ModelVersion> all(String teamId, String name) {
    RegisteredModelEntity model = findModel(teamId, name);
    return load(
        versions.findByModelUidInAndDeletedFalseOrderByVersionDesc(List.of(model.uid())),
        Map.of(model.uid(), name));
  }

  /** The files of a version, sorted by path. */
  @Transactional(readOnly = true)
  public List<Artifact> files(ModelVersion version) {
    return entries.manifest(version.uid()).files();
  }

  /**
   * @throws UnmaskException ARTIFACT_NOT_FOUND when the version has no such file
   */
  @Transactional(readOnly = true)
  public Artifact file(ModelVersion version, ArtifactPath path) {
    return files(version).stream()
        .filter(candidate -> candidate.path().equals(path.value()))
        .findFirst()
        .orElseThrow(
            () ->
                new UnmaskException(
                    ErrorCode.ARTIFACT_NOT_FOUND,
                    version.model()
                        + " version "
                        + version.version()
                        + " has no file '"
                        + path.value()
                        + "'"));
  }

  /** Versions that were made of logged models, by the id of the logged model. */
  @Transactional(readOnly = true)
  public Map<String, List<Registration>> registrations(String teamId, Collection<String> modelIds) {
    return entries.registrations(teamId, modelIds);
  }

  /** A version, named only. */
  public record Registration(String model, int version) {}

  /**
   * @param after the token of the page; null or empty for the first one
   */
  @Transactional(readOnly = true)
  public Page<ModelVersion> search(
      String teamId, Filter filter, List<OrderClause> order, int most, @Nullable String after) {
    return entries
        .uids(ModelSearchSql.versions(teamId, filter, order, most, after))
        .map(this::loadUids);
  }

  @Transactional
  public ModelVersion describe(
      Caller caller, String name, int version, @Nullable String description) {
    ModelVersionEntity entity = find(caller.teamId(), name, version);
    entity.describe(description, clock.millis());
    return loaded(entity, name);
  }

  /**
   * @param archiveOthers whether versions that are in the stage now are archived
   * @throws UnmaskException PROMOTION_REFUSED when a rule of the stage is not fulfilled
   */
  @Transactional
  public ModelVersion transition(
      Caller caller, String name, int version, Stage stage, boolean archiveOthers) {
    RegisteredModelEntity model =
        models
            .findLockedByTeamIdAndName(caller.teamId(), name)
            .orElseThrow(() -> ModelRules.unknownModel(name));
    ModelVersionEntity entity = find(caller.teamId(), name, version);
    if (stage == Stage.STAGING || stage == Stage.PRODUCTION) {
      List<ModelVersionEntity> others =
          versions.findByModelUidInAndDeletedFalseOrderByVersionDesc(List.of(model.uid())).stream()
              .filter(other -> other.version() != version && other.stage() == stage)
              .toList();
      ModelVersion champion = others.isEmpty() ? null : loaded(others.getFirst(), name);
      Promotion promotion =
          new Promotion(model.uid(), Promotion.targetOf(stage), loaded(entity, name), champion);
      gates.forEach(gate -> gate.check(caller.teamId(), promotion));
      if (archiveOthers) {
        others.forEach(other -> other.moveTo(Stage.ARCHIVED, clock.millis()));
      }
    }
    entity.moveTo(stage, clock.millis());
    model.touch(clock.millis());
    audit.record(caller, "version.stage", name + "/" + version, stage.wireName());
    return loaded(entity, name);
  }

  /** The number is never given again. */
  @Transactional
  public void delete(Caller caller, String name, int version) {
    RegisteredModelEntity model =
        models
            .findLockedByTeamIdAndName(caller.teamId(), name)
            .orElseThrow(() -> ModelRules.unknownModel(name));
    find(caller.teamId(), name, version).delete(clock.millis());
    entries
        .removeAliasesOf(model.uid(), version)
        .forEach(
            alias -> history.record(caller, model, alias, AliasChange.Kind.REMOVED, null, version));
    audit.record(caller, "version.delete", name + "/" + version, null);
  }

  @Transactional
  public void setTag(Caller caller, String name, int version, String key, String value) {
    SortedMap<String, String> tag = new TreeMap<>(Map.of(key, value));
    ModelRules.checkTags(tag);
    entries.versionTags().put(find(caller.teamId(), name, version).uid(), tag);
  }

  @Transactional
  public void deleteTag(Caller caller, String name, int version, String key) {
    entries.versionTags().remove(find(caller.teamId(), name, version).uid(), key);
  }

  private RegisteredModelEntity findModel(String teamId, String name) {
    return models
        .findByTeamIdAndName(teamId, name)
        .orElseThrow(() -> ModelRules.unknownModel(name));
  }

  private ModelVersionEntity find(String teamId, String name, int version) {
    return models
        .findByTeamIdAndName(teamId, name)
        .flatMap(model -> versions.findByModelUidAndVersionAndDeletedFalse(model.uid(), version))
        .orElseThrow(() -> ModelRules.unknownVersion(name, version));
  }

  private ModelVersion loaded(ModelVersionEntity version, String model) {
    return load(List.of(version), Map.of(version.modelUid(), model)).getFirst();
  }

  private List<ModelVersion> loadUids(List<Long> uids) {
    Map<Long, ModelVersionEntity> byUid = new HashMap<>();
    versions.findByUidIn(uids).forEach(version -> byUid.put(version.uid(), version));
    Map<Long, String> names = new HashMap<>();
    models
        .findByUidIn(byUid.values().stream().map(ModelVersionEntity::modelUid).distinct().toList())
        .forEach(model -> names.put(model.uid(), model.name()));
    return load(uids.stream().map(byUid::get).filter(Objects::nonNull).toList(), names);
  }

  private List<ModelVersion> load(List<ModelVersionEntity> found, Map<Long, String> names) {
    Map<Long, SortedMap<String, String>> tags =
        entries.versionTags().of(found.stream().map(ModelVersionEntity::uid).toList());
    Map<Long, SortedMap<String, Integer>> aliases = entries.aliases(names.keySet());
    return found.stream()
        .map(
            version ->
                version.toDomain(
                    names.getOrDefault(version.modelUid(), ""),
                    aliases.getOrDefault(version.modelUid(), new TreeMap<>()).entrySet().stream()
                        .filter(alias -> alias.getValue() == version.version())
                        .map(Map.Entry::getKey)
                        .toList(),
                    tags.getOrDefault(version.uid(), new TreeMap<>())))
        .toList();
  }
}
