package dev.unmask.registry.run;

import dev.unmask.registry.experiment.ExperimentService;
import dev.unmask.registry.metric.MetricStore;
import dev.unmask.registry.tag.TagRules;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of runs; everything is looked up within one team. */
@Service
public class RunService {
  /** The tag that repeats a run's name; either may be written, both always agree. */
  public static final String NAME_TAG = "mlflow.runName";

  private final RunRepository runs;
  private final RunEntries entries;
  private final RunWrites writes;
  private final MetricStore metrics;
  private final ExperimentService experiments;
  private final ApplicationEventPublisher events;
  private final SecureRandom random;
  private final Clock clock;

  RunService(
      RunRepository runs,
      RunEntries entries,
      RunWrites writes,
      MetricStore metrics,
      ExperimentService experiments,
      ApplicationEventPublisher events,
      SecureRandom random,
      Clock clock) {
    this.runs = runs;
    this.entries = entries;
    this.writes = writes;
    this.metrics = metrics;
    this.experiments = experiments;
    this.events = events;
    this.random = random;
    this.clock = clock;
  }

  @Transactional
  public Run.Details create(String teamId, NewRun wanted) {
    experiments.getActive(teamId, wanted.experiment());
    SortedMap<String, String> tags = RunEntries.checkedTags(wanted.tags());
    String name = nameOf(wanted);
    tags.put(NAME_TAG, TagRules.cut(name, TagRules.RUN_TAG_VALUE));
    Long start = wanted.startTime();
    String user = wanted.userId();
    Run run =
        insert(
            new RunEntity(
                UUID.randomUUID().toString().replace("-", ""),
                teamId,
                wanted.experiment(),
                name,
                user == null ? "" : user,
                start == null ? clock.millis() : start));
    entries.putTags(run.uid(), tags);
    return new Run.Details(run, new TreeMap<>(), tags, List.of());
  }

  private Run insert(RunEntity fresh) {
    try {
      return runs.saveAndFlush(fresh).toDomain();
    } catch (DataIntegrityViolationException gone) {
      // The experiment was there a moment ago: a purge has removed it meanwhile.
      throw ExperimentService.unknown(Long.toString(fresh.toDomain().experiment()));
    }
  }

  @Transactional(readOnly = true)
  public Run get(String teamId, String runId) {
    return find(teamId, runId).orElseThrow(() -> unknown(runId));
  }

  @Transactional(readOnly = true)
  public Run.Details details(String teamId, String runId) {
    return findDetails(teamId, runId).orElseThrow(() -> unknown(runId));
  }

  /** Empty where the team has no such run, for callers to whom that is no mistake. */
  @Transactional(readOnly = true)
  public Optional<Run> find(String teamId, String runId) {
    return runs.findByTeamIdAndRunId(teamId, runId).map(RunEntity::toDomain);
  }

  /** {@link #find} with everything that was logged. */
  @Transactional(readOnly = true)
  public Optional<Run.Details> findDetails(String teamId, String runId) {
    return find(teamId, runId).map(run -> entries.load(List.of(run)).getFirst());
  }

  @Transactional
  public Run update(String teamId, String runId, RunChange change) {
    RunEntity run = lockActive(teamId, runId);
    String name = change.name();
    if (name != null && name.isEmpty()) {
      change = new RunChange(change.status(), change.endTime(), null);
    } else if (name != null) {
      entries.putTags(run.toDomain().uid(), new TreeMap<>(Map.of(NAME_TAG, name)));
    }
    boolean ends = !isEnd(run.toDomain().status()) && isEnd(change.status());
    run.apply(change);
    Run changed = run.toDomain();
    if (ends) {
      events.publishEvent(new RunEnded(teamId, runId, changed.name(), changed.status()));
    }
    return changed;
  }

  private static boolean isEnd(@Nullable RunStatus status) {
    return status == RunStatus.FINISHED || status == RunStatus.FAILED || status == RunStatus.KILLED;
  }

  /** Logs all of the batch or nothing; repeating it changes nothing. */
  public void log(String teamId, String runId, Batch batch) {
    Batch checked =
        new Batch(
            batch.metrics(),
            RunEntries.checkedParams(batch.params()),
            RunEntries.checkedTags(batch.tags()),
            batch.modelMetrics());
    writes.write(new RunAddress(teamId, runId), checked);
  }

  /**
   * A run that takes what is logged to it; other writers of it wait for the end of the caller's
   * transaction.
   */
  @Transactional
  public Run lock(String teamId, String runId) {
    return lockActive(teamId, runId).toDomain();
  }

  @Transactional
  public void deleteTag(String teamId, String runId, String key) {
    RunEntity run = lockActive(teamId, runId);
    if (!entries.removeTag(run.toDomain().uid(), key)) {
      throw new UnmaskException(
          ErrorCode.RUN_NOT_FOUND, "No tag with name: " + key + " in run with id " + runId);
    }
  }

  /** For {@link RunRemovalService}, which also keeps the record. */
  @Transactional
  void setActive(String teamId, String runId, boolean active) {
    // Locked, or the name that a writer sets meanwhile would be overwritten with the old one.
    locked(teamId, runId).setActive(active);
  }

  private RunEntity lockActive(String teamId, String runId) {
    RunEntity run = locked(teamId, runId);
    if (!run.toDomain().active()) {
      throw deleted(runId);
    }
    return run;
  }

  private RunEntity locked(String teamId, String runId) {
    return runs.findLockedByTeamIdAndRunId(teamId, runId).orElseThrow(() -> unknown(runId));
  }

  static UnmaskException deleted(String runId) {
    return new UnmaskException(
        ErrorCode.INVALID_REQUEST,
        "The run " + runId + " must be in the 'active' state. Current state is deleted.");
  }

  static UnmaskException unknown(String runId) {
    return new UnmaskException(ErrorCode.RUN_NOT_FOUND, "Run with id=" + runId + " not found");
  }

  private String nameOf(NewRun wanted) {
    String name = wanted.name() == null ? "" : wanted.name();
    String tag = wanted.tags().getOrDefault(NAME_TAG, "");
    if (!name.isEmpty() && !tag.isEmpty() && !name.equals(tag)) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different"
              + " values (run_name='"
              + name
              + "', mlflow.runName='"
              + tag
              + "').");
    }
    String given = name.isEmpty() ? tag : name;
    return given.isEmpty() ? RunNames.random(random) : given;
  }
}
