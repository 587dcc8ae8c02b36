package dev.unmask.registry.experiment;

import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.tag.TagRules;
import dev.unmask.registry.tag.TagTable;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of experiments; everything is looked up within one team. */
@Service
public class ExperimentService {
  private static final int LONGEST_NAME = 500;
  private static final Logger log = LoggerFactory.getLogger(ExperimentService.class);

  private final ExperimentRepository experiments;
  private final ExperimentSearch search;
  private final TagTable tags;
  private final ApplicationEventPublisher events;
  private final Clock clock;

  ExperimentService(
      ExperimentRepository experiments,
      ExperimentSearch search,
      JdbcTemplate jdbc,
      ApplicationEventPublisher events,
      Clock clock) {
    this.experiments = experiments;
    this.search = search;
    this.tags = new TagTable(jdbc, "experiment_tags", "experiment_uid");
    this.events = events;
    this.clock = clock;
  }

  /**
   * @throws UnmaskException ALREADY_EXISTS when the name is taken, by a deleted one too
   */
  @Transactional
  public Experiment create(String teamId, String name, SortedMap<String, String> newTags) {
    checkName("name", name);
    newTags.forEach((key, value) -> checkTag("tags", key, value));
    if (experiments.findByTeamIdAndName(teamId, name).isPresent()) {
      throw taken(name);
    }
    ExperimentEntity fresh =
        new ExperimentEntity(teamId, experiments.nextNumber(), name, clock.millis());
    try {
      fresh = experiments.saveAndFlush(fresh);
    } catch (DataIntegrityViolationException raced) {
      throw taken(name);
    }
    tags.put(fresh.uid(), newTags);
    return fresh.toDomain(newTags);
  }

  @Transactional(readOnly = true)
  public Experiment get(String teamId, long number) {
    return withTags(find(teamId, number));
  }

  @Transactional(readOnly = true)
  public Experiment getByName(String teamId, String name) {
    return withTags(
        experiments
            .findByTeamIdAndName(teamId, name)
            .orElseThrow(
                () ->
                    new UnmaskException(
                        ErrorCode.EXPERIMENT_NOT_FOUND,
                        "Could not find experiment with name '" + name + "'")));
  }

  /** An experiment that takes new runs. */
  @Transactional(readOnly = true)
  public Experiment getActive(String teamId, long number) {
    Experiment experiment = get(teamId, number);
    if (!experiment.active()) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "The experiment " + number + " must be in the 'active' state. Current state is deleted.");
    }
    return experiment;
  }

  /**
   * @param after the token of the page; null or empty for the first one
   */
  @Transactional(readOnly = true)
  public Page<Experiment> search(
      String teamId,
      Filter filter,
      List<OrderClause> order,
      ExperimentView view,
      int most,
      @Nullable String after) {
    return search.find(teamId, filter, order, view, most, after).map(this::load);
  }

  /**
   * Numbers of experiments: the wanted ones, or all active ones where none is wanted.
   *
   * @throws UnmaskException EXPERIMENT_NOT_FOUND when the team lacks one of them
   */
  @Transactional(readOnly = true)
  public List<Long> numbers(String teamId, List<Long> wanted) {
    if (wanted.isEmpty()) {
      return experiments.findActiveNumbers(teamId);
    }
    List<Long> missing = missing(teamId, wanted);
    if (!missing.isEmpty()) {
      throw unknown(Long.toString(missing.getFirst()));
    }
    return wanted;
  }

  /** Those of the numbers that no experiment of the team has. */
  @Transactional(readOnly = true)
  public List<Long> missing(String teamId, List<Long> wanted) {
    Set<Long> found = new HashSet<>(experiments.findNumbers(teamId, wanted));
    return wanted.stream().distinct().filter(number -> !found.contains(number)).toList();
  }

  @Transactional
  public void rename(String teamId, long number, String newName) {
    checkName("new_name", newName);
    ExperimentEntity experiment = find(teamId, number);
    experiments
        .findByTeamIdAndName(teamId, newName)
        .filter(other -> other.uid() != experiment.uid())
        .ifPresent(
            other -> {
              throw taken(newName);
            });
    experiment.rename(newName, clock.millis());
  }

  /**
   * Deletes or restores an experiment; for {@link ExperimentRemovalService}, which also keeps the
   * record. Its runs have still to follow.
   */
  @Transactional
  void setActive(String teamId, long number, boolean active) {
    ExperimentEntity experiment =
        experiments
            .findLockedByTeamIdAndNumber(teamId, number)
            .orElseThrow(() -> unknown(Long.toString(number)));
    if (experiment.isActive() == active) {
      throw new UnmaskException(
          ErrorCode.EXPERIMENT_NOT_FOUND,
          "No Experiment with id=" + number + " exists that is " + (active ? "deleted" : "active"));
    }
    if (number == Experiment.DEFAULT) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST, "The experiment Default can't be deleted.");
    }
    experiment.setActive(active, clock.millis());
  }

  /**
   * Deletes or restores the runs of an experiment after it, in short transactions of their own,
   * because one over all of them would keep their writers waiting. Whatever a failure leaves of
   * that is made good by the next call.
   */
  void letRunsFollow(String teamId, long number, boolean active) {
    try {
      follow(teamId, number, active);
    } catch (RuntimeException later) {
      log.warn("runs of experiment {} follow later: {}", number, later.getMessage());
    }
  }

  /** Finishes what was begun before a failure or the end of a process, for all teams. */
  public void letRunsFollow() {
    for (ExperimentEntity entity : experiments.findByRunsFollowTrue()) {
      Experiment experiment = entity.toDomain(new TreeMap<>());
      follow(experiment.teamId(), experiment.number(), experiment.active());
    }
  }

  private void follow(String teamId, long number, boolean active) {
    events.publishEvent(new ExperimentDeleted(teamId, number));
    experiments.runsHaveFollowed(teamId, number, active ? "active" : "deleted");
  }

  @Transactional
  public void setTag(String teamId, long number, String key, String value) {
    checkTag("key", key, value);
    tags.put(find(teamId, number).uid(), new TreeMap<>(Map.of(key, value)));
  }

  @Transactional
  public void deleteTag(String teamId, long number, String key) {
    if (!tags.remove(find(teamId, number).uid(), key)) {
      throw new UnmaskException(
          ErrorCode.EXPERIMENT_NOT_FOUND,
          "No tag with name: " + key + " in experiment with id " + number);
    }
  }

  private ExperimentEntity find(String teamId, long number) {
    return experiments
        .findByTeamIdAndNumber(teamId, number)
        .orElseThrow(() -> unknown(Long.toString(number)));
  }

  /** The answer to an id that no experiment of the team has. */
  public static UnmaskException unknown(String id) {
    return new UnmaskException(
        ErrorCode.EXPERIMENT_NOT_FOUND, "No Experiment with id=" + id + " exists");
  }

  private Experiment withTags(ExperimentEntity experiment) {
    return experiment.toDomain(tags.of(experiment.uid()));
  }

  private List<Experiment> load(Collection<Long> uids) {
    Map<Long, SortedMap<String, String>> found = tags.of(uids);
    Map<Long, ExperimentEntity> byUid = new HashMap<>();
    experiments.findByUidIn(uids).forEach(experiment -> byUid.put(experiment.uid(), experiment));
    return uids.stream()
        .map(byUid::get)
        .filter(Objects::nonNull)
        .map(entity -> entity.toDomain(found.getOrDefault(entity.uid(), new TreeMap<>())))
        .toList();
  }

  private static void checkName(String field, String name) {
    if (name.isBlank()) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "Invalid experiment name: '" + name + "'. Parameter '" + field + "' must not be blank.");
    }
    TagRules.atMost(field, name, LONGEST_NAME);
  }

  private static void checkTag(String field, String key, String value) {
    TagRules.key(field, key);
    TagRules.atMost("value", value, TagRules.EXPERIMENT_TAG_VALUE);
  }

  private static UnmaskException taken(String name) {
    return new UnmaskException(
        ErrorCode.ALREADY_EXISTS, "Experiment(name=" + name + ") already exists.");
  }
}
