package dev.unmask.registry.run;

import dev.unmask.registry.database.StatementGroup;
import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.metric.MetricStore;
import dev.unmask.registry.query.Page;
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

/** Params and tags of runs, and runs found by them; the caller owns the transaction. */
@Component
class RunEntries {
  private final JdbcTemplate jdbc;
  private final TagTable params;
  private final TagTable tags;
  private final MetricStore metrics;

  RunEntries(JdbcTemplate jdbc, MetricStore metrics) {
    this.jdbc = jdbc;
    this.params = new TagTable(jdbc, "run_params", "run_uid");
    this.tags = new TagTable(jdbc, "run_tags", "run_uid");
    this.metrics = metrics;
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

  /** Uids of the runs that the search finds, in its order. */
  Page<Long> find(String teamId, RunSearch search) {
    RunSearchSql sql = RunSearchSql.of(teamId, search);
    List<Long> uids = jdbc.query(sql.text(), (row, number) -> row.getLong(1), sql.parameters());
    return Page.of(uids, search.most(), search.start());
  }

  /** Everything that was logged to the runs, by three queries whatever their number. */
  List<Run.Details> load(List<Run> runs) {
    List<Long> uids = runs.stream().map(Run::uid).toList();
    Map<Long, SortedMap<String, String>> paramsOf = params.of(uids);
    Map<Long, SortedMap<String, String>> tagsOf = tags.of(uids);
    Map<Long, List<MetricPoint>> metricsOf = metrics.latest(uids);
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
