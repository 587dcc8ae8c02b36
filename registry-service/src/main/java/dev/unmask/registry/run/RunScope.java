package dev.unmask.registry.run;

import dev.unmask.registry.query.SqlConditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a search looks: experiments of one team, and states of the life cycle.
 *
 * @param experiments uid by number, of those that the team has
 */
record RunScope(String teamId, SortedMap<Long, Long> experiments, List<String> lifecycles) {
  /** Each part is a scan of an index of its own; beyond so many, one scan of all costs less. */
  private static final int MOST_PARTS = 32;

  static RunScope of(String teamId, SortedMap<Long, Long> experiments, RunView view) {
    List<String> lifecycles =
        switch (view) {
          case ACTIVE_ONLY -> List.of("active");
          case DELETED_ONLY -> List.of("deleted");
          case ALL -> List.of("active", "deleted");
        };
    return new RunScope(teamId, experiments, lifecycles);
  }

  boolean isEmpty() {
    return experiments.isEmpty();
  }

  /** Whether there are few enough experiments to read each in the order of an index. */
  boolean isNarrow() {
    return experiments.size() * lifecycles.size() <= MOST_PARTS;
  }

  List<RunScope> byExperiment() {
    if (!isNarrow()) {
      return List.of(this);
    }
    List<RunScope> parts = new ArrayList<>();
    experiments.forEach(
        (number, uid) ->
            parts.add(new RunScope(teamId, new TreeMap<>(Map.of(number, uid)), lifecycles)));
    return parts;
  }

  List<RunScope> byExperimentAndLifecycle() {
    if (!isNarrow()) {
      return List.of(this);
    }
    List<RunScope> parts = new ArrayList<>();
    for (RunScope part : byExperiment()) {
      lifecycles.forEach(
          lifecycle -> parts.add(new RunScope(teamId, part.experiments, List.of(lifecycle))));
    }
    return parts;
  }

  /** Conditions on the runs {@code r}, in the order of their index. */
  SqlConditions runs() {
    return new SqlConditions()
        .and("r.team_id = ?", teamId)
        .andOneOf("r.experiment_number", experiments.keySet().toArray(Long[]::new))
        .andOneOf("r.lifecycle", lifecycles.toArray(String[]::new));
  }

  /** Conditions on the series {@code s}, in the order of their index. */
  SqlConditions series(String key) {
    return new SqlConditions().andOneOf("s.experiment_uid", uids()).and("s.key = ?", key);
  }

  /** Conditions on runs {@code r} that were found by a series in scope. */
  SqlConditions runsOfSeries() {
    return new SqlConditions()
        .and("r.team_id = ?", teamId)
        .andOneOf("r.lifecycle", lifecycles.toArray(String[]::new));
  }

  Long[] uids() {
    return experiments.values().toArray(Long[]::new);
  }
}
