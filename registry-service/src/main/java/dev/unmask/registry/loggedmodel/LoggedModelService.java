package dev.unmask.registry.loggedmodel;

import dev.unmask.registry.audit.AuditLog;
import dev.unmask.registry.experiment.ExperimentService;
import dev.unmask.registry.metric.ModelMetricStore;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.run.RunNames;
import dev.unmask.registry.run.RunService;
import dev.unmask.registry.tag.TagRules;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of logged models; everything is looked up within one team. */
@Service
public class LoggedModelService {
  private final LoggedModelTable models;
  private final ExperimentService experiments;
  private final RunService runs;
  private final AuditLog audit;
  private final SecureRandom random;
  private final Clock clock;

  LoggedModelService(
      LoggedModelTable models,
      ExperimentService experiments,
      RunService runs,
      AuditLog audit,
      SecureRandom random,
      Clock clock) {
    this.models = models;
    this.experiments = experiments;
    this.runs = runs;
    this.audit = audit;
    this.random = random;
    this.clock = clock;
  }

  /**
   * @throws UnmaskException EXPERIMENT_NOT_FOUND or RUN_NOT_FOUND when the team has no such
   */
  @Transactional
  public LoggedModel.Details create(String teamId, NewLoggedModel wanted) {
    String given = wanted.name();
    String name = given == null || given.isEmpty() ? RunNames.random(random) : given;
    LoggedModelRules.checkName(name);
    LoggedModelRules.checkType(wanted.modelType());
    LoggedModelRules.checkTags(wanted.tags());
    SortedMap<String, String> params = LoggedModelRules.checkedParams(wanted.params());
    experiments.getActive(teamId, wanted.experiment());
    String sourceRun = wanted.sourceRunId();
    if (sourceRun != null) {
      runs.get(teamId, sourceRun);
    }
    String id = "m-" + UUID.randomUUID().toString().replace("-", "");
    LoggedModel model = models.add(teamId, id, name, wanted, clock.millis());
    models.params().put(model.uid(), params);
    models.tags().put(model.uid(), wanted.tags());
    return new LoggedModel.Details(model, params, wanted.tags(), List.of());
  }

  /**
   * @throws UnmaskException LOGGED_MODEL_NOT_FOUND when the team has no such model, or deleted it
   */
  @Transactional(readOnly = true)
  public LoggedModel get(String teamId, String modelId) {
    return models.find(teamId, modelId).orElseThrow(() -> ModelMetricStore.unknownModel(modelId));
  }

  @Transactional(readOnly = true)
  public LoggedModel.Details details(String teamId, String modelId) {
    return models.load(List.of(get(teamId, modelId))).getFirst();
  }

  /** Those of the models that the team has, by their ids. */
  @Transactional(readOnly = true)
  public Map<String, LoggedModel.Details> details(String teamId, Collection<String> modelIds) {
    Map<String, LoggedModel.Details> found = new HashMap<>();
    if (!modelIds.isEmpty()) {
      models
          .load(models.findAll(teamId, modelIds))
          .forEach(details -> found.put(details.model().modelId(), details));
    }
    return found;
  }

  /**
   * Keys in the database of all the models.
   *
   * @throws UnmaskException LOGGED_MODEL_NOT_FOUND naming the first that the team has not
   */
  @Transactional(readOnly = true)
  public Map<String, Long> uids(String teamId, Collection<String> modelIds) {
    Map<String, Long> uids = new HashMap<>();
    if (!modelIds.isEmpty()) {
      models.findAll(teamId, modelIds).forEach(model -> uids.put(model.modelId(), model.uid()));
    }
    modelIds.stream()
        .filter(id -> !uids.containsKey(id))
        .findFirst()
        .ifPresent(
            id -> {
              throw ModelMetricStore.unknownModel(id);
            });
    return uids;
  }

  @Transactional
  public LoggedModel.Details setStatus(String teamId, String modelId, LoggedModelStatus status) {
    LoggedModel model = lock(teamId, modelId);
    models.setStatus(model.uid(), status, clock.millis());
    return details(teamId, modelId);
  }

  /** The model and its files are no longer found; versions made of it keep theirs. */
  @Transactional
  public void delete(Caller caller, String modelId) {
    LoggedModel model = lock(caller.teamId(), modelId);
    models.delete(model.uid(), clock.millis());
    audit.record(caller, "logged-model.delete", modelId, model.name());
  }

  @Transactional
  public void setTags(String teamId, String modelId, SortedMap<String, String> tags) {
    LoggedModelRules.checkTags(tags);
    LoggedModel model = lock(teamId, modelId);
    models.tags().put(model.uid(), tags);
    models.touch(model.uid(), clock.millis());
  }

  @Transactional
  public void deleteTag(String teamId, String modelId, String key) {
    TagRules.key("tag_key", key);
    LoggedModel model = lock(teamId, modelId);
    if (!models.tags().remove(model.uid(), key)) {
      throw new UnmaskException(
          ErrorCode.LOGGED_MODEL_NOT_FOUND,
          "No tag with key '" + key + "' for model with ID '" + modelId + "'.");
    }
    models.touch(model.uid(), clock.millis());
  }

  /** Params never change: the same value again is fine, another one is refused. */
  @Transactional
  public void logParams(String teamId, String modelId, SortedMap<String, String> given) {
    SortedMap<String, String> wanted = LoggedModelRules.checkedParams(given);
    LoggedModel model = lock(teamId, modelId);
    models.params().addAbsent(model.uid(), wanted);
    LoggedModelRules.checkUnchanged(modelId, models.params().of(model.uid()), wanted);
    models.touch(model.uid(), clock.millis());
  }

  /**
   * @throws InvalidQueryException when the filter or order has no meaning for logged models, or the
   *     page follows a model that is not the team's
   */
  @Transactional(readOnly = true)
  public LoggedModelSearch.Found search(String teamId, LoggedModelSearch search) {
    String after = search.after();
    if (after != null && !models.exists(teamId, after)) {
      throw new InvalidQueryException("Invalid page token, it was not made by this server");
    }
    List<LoggedModel> found = models.search(LoggedModelSearchSql.of(teamId, search));
    boolean more = found.size() > search.most();
    return new LoggedModelSearch.Found(
        models.load(more ? found.subList(0, search.most()) : found), more);
  }

  private LoggedModel lock(String teamId, String modelId) {
    return models.lock(teamId, modelId).orElseThrow(() -> ModelMetricStore.unknownModel(modelId));
  }
}
