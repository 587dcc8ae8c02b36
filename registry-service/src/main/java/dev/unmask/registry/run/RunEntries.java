package dev.unmask.registry.run;

import dev.unmask.registry.database.StatementGroup;
import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.metric.MetricStore;
import dev.unmask.registry.metric.ModelMetric;
import dev.unmask.registry.metric.ModelMetricStore;
import dev.unmask.registry.tag.TagRules;
import dev.unmask.registry.tag.TagTable;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Params and tags of runs; the caller owns the transaction. */
@Component
class RunEntries {
  private final TagTable params;
  private final TagTable tags;
  private final MetricStore metrics;
  private final ModelMetricStore modelMetrics;

  RunEntries(JdbcTemplate jdbc, MetricStore metrics, ModelMetricStore modelMetrics) {
    this.params = new TagTable(jdbc, "run_params", "run_uid");
    this.tags = new TagTable(jdbc, "run_tags", "run_uid");
    this.metrics = metrics;
    this.modelMetrics = modelMetrics;
  }

  static SortedMap<String, String> checkedTags(SortedMap<String, String> given) {
    return checked("tags", given, TagRules.RUN_TAG_VALUE);
  }

  static SortedMap<String, String> checkedParams(SortedMap<String, String> given) {
    return checked("params", given, TagRules.PARAM_VALUE);
  }

  private static SortedMap<String, String> checked(
      String field, SortedMap<String, String> given, int limit) {
    SortedMap<String, String> cut = new TreeMap<>();
    given.forEach((key, value) -> cut.put(TagRules.key(field, key), TagRules.cut(value, limit)));
    return cut;
  }

  void putTags(long uid, SortedMap<String, String> entries) {
    tags.put(uid, entries);
  }

  /** The refusal of points that name a logged model which the team has not; null for none. */
  @Nullable UnmaskException unknownModel(String teamId, List<ModelMetric> points) {
    return modelMetrics.unknownModel(teamId, points);
  }

  void addModelMetrics(String teamId, long uid, List<ModelMetric> points) {
    modelMetrics.append(teamId, uid, points);
  }

  boolean removeTag(long uid, String key) {
    return tags.remove(uid, key);
  }

  /** Those of the keys that the run has. */
  SortedMap<String, String> paramsOf(long uid, Collection<String> keys) {
    return keys.isEmpty() ? new TreeMap<>() : params.of(uid, keys);
  }

  /** Adds the statements that add the params and add or replace the tags. */
  void write(
      StatementGroup statements,
      long uid,
      SortedMap<String, String> newParams,
      SortedMap<String, String> newTags) {
    params.addAbsent(statements, uid, newParams);
    tags.put(statements, uid, newTags);
  }

  /**
   * Params never change: the same value again is fine, another one is refused.
   *
   * @return the refusal, naming each param that has another value; null where there is none
   */
  static @Nullable UnmaskException changeOfParams(
      String runId, SortedMap<String, String> wanted, Map<String, String> stored) {
    List<String> changed =
        wanted.entrySet().stream()
            .filter(
                entry ->
                    !entry.getValue().equals(stored.getOrDefault(entry.getKey(), entry.getValue())))
            .map(Map.Entry::getKey)
            .toList();
    return changed.isEmpty() ? null : changedParams(runId, changed, stored, wanted);
  }

  private static UnmaskException changedParams(
      String runId,
      Collection<String> keys,
      Map<String, String> stored,
      Map<String, String> wanted) {
    if (wanted.size() == 1) {
      String key = keys.iterator().next();
      return new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          String.format(
              "Changing param values is not allowed. Param with key='%s' was already logged with"
                  + " value='%s' for run ID='%s'. Attempted logging new value '%s'.",
              key, stored.get(key), runId, wanted.get(key)));
    }
    StringJoiner list = new StringJoiner(", ", "[", "]");
    for (String key : keys) {
      list.add(
          String.format(
              "{'key': '%s', 'old_value': '%s', 'new_value': '%s'}",
              key, stored.get(key), wanted.get(key)));
    }
    return new UnmaskException(
        ErrorCode.INVALID_REQUEST,
        String.format(
            "Changing param values is not allowed. Params were already logged='%s' for run"
                + " ID='%s'.",
            list, runId));
  }

  /** Everything that was logged to the runs, by three queries whatever their number. */
  List<Run.Details> load(List<Run> runs) {
    return load(runs, RunFields.ALL);
  }

  /** The fields of what was logged to the runs, by at most three queries. */
  List<Run.Details> load(List<Run> runs, RunFields fields) {
    List<Long> uids = runs.stream().map(Run::uid).toList();
    Map<Long, SortedMap<String, String>> paramsOf = params.of(uids, fields.params());
    Map<Long, SortedMap<String, String>> tagsOf = tags.of(uids, fields.tags());
    Map<Long, List<MetricPoint>> metricsOf = metrics.latest(uids, fields.metrics());
    return runs.stream()
        .map(
            run ->
                new Run.Details(
                    run,
                    paramsOf.getOrDefault(run.uid(), new TreeMap<>()),
                    tagsOf.getOrDefault(run.uid(), new TreeMap<>()),
                    metricsOf.getOrDefault(run.uid(), List.of())))
        .toList();
  }
}
