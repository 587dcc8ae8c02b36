package dev.unmask.registry.api;

import static dev.unmask.registry.api.ModelsApi.TEAM_HEADER;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * Runs found, grouped and compared, scoped to the caller's team; only the service account names a
 * team by header. Filters and orders are written as in MLflow's {@code runs/search}.
 */
@HttpExchange("/api/v1/registry/runs")
public interface RunsApi {

  /**
   * Finds runs, a page at a time; runs that are made meanwhile neither move nor repeat others.
   *
   * @return 200; 404 when the team lacks one of the experiments
   */
  @PostExchange("/search")
  RunPage search(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @Valid @RequestBody RunQuery query);

  /**
   * Describes metrics over groups of runs: over all runs that the filter lets through, whatever
   * their number.
   *
   * @return 200; 400 for more than 1,000 groups, 404 when the team lacks one of the experiments
   */
  @PostExchange("/groups")
  RunGroups groups(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @Valid @RequestBody GroupQuery query);

  /**
   * Compares the params and tags of runs.
   *
   * @return 200 with those that differ; 404 when the team lacks one of the runs
   */
  @PostExchange("/differences")
  RunDifferences differences(
      @RequestHeader(value = TEAM_HEADER, required = false) @Nullable String team,
      @Valid @RequestBody DifferenceQuery query);

  /** Which part of the life cycle is looked at. */
  enum RunState {
    ACTIVE,
    DELETED,
    ALL
  }

  /**
   * @param experiments ids; all active experiments of the team where absent or empty
   * @param filter for instance {@code metrics.loss < 2 AND params.lr = '0.1'}
   * @param order for instance {@code metrics.loss ASC}; newest first where absent, and among equals
   * @param state active runs where absent
   * @param fields what of the runs is answered: {@code params}, {@code tags} and {@code metrics}
   *     for all of them, {@code params.lr} for one; everything where absent, nothing but the runs
   *     themselves where empty
   * @param size runs a page, 100 where absent
   * @param after {@code next} of the page before, which had the same experiments, filter, order and
   *     state; absent for the first page
   */
  record RunQuery(
      @Nullable @Size(max = 1_000) List<@NotNull Long> experiments,
      @Nullable String filter,
      @Nullable @Size(max = 20) List<@NotNull String> order,
      @Nullable RunState state,
      @Nullable @Size(max = 200) List<@NotNull String> fields,
      @Nullable @Min(1) @Max(1_000) Integer size,
      @Nullable String after) {}

  /**
   * @param next absent on the last page
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RunPage(List<RunView> runs, @Nullable String next) {}

  /**
   * @param id as MLflow's {@code run_id}
   * @param experiment as MLflow's {@code experiment_id}
   * @param status RUNNING, SCHEDULED, FINISHED, FAILED or KILLED
   * @param startTime milliseconds since the epoch, as {@code endTime}
   * @param active whether the run is not deleted
   * @param params by key, as {@code tags} and {@code metrics}; empty where not asked for
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RunView(
      String id,
      long experiment,
      String name,
      String user,
      String status,
      long startTime,
      @Nullable Long endTime,
      boolean active,
      Map<String, String> params,
      Map<String, String> tags,
      Map<String, MetricValue> metrics) {}

  /**
   * The latest point of a metric.
   *
   * @param value NaN and the infinities are written as texts
   * @param timestamp milliseconds since the epoch
   */
  record MetricValue(double value, long step, long timestamp) {}

  /**
   * @param experiments ids; all active experiments of the team where absent or empty
   * @param state active runs where absent
   * @param by a param or a tag, for instance {@code params.lr}
   * @param metrics keys of the metrics to describe
   */
  record GroupQuery(
      @Nullable @Size(max = 1_000) List<@NotNull Long> experiments,
      @Nullable String filter,
      @Nullable RunState state,
      @NotBlank String by,
      @NotEmpty @Size(max = 20) List<@NotBlank String> metrics) {}

  /**
   * @param groups sorted by value, that of the runs without one last
   */
  record RunGroups(List<RunGroup> groups) {}

  /**
   * @param value null for the runs that lack the param or tag
   * @param runs all runs of the group
   * @param metrics by key
   */
  record RunGroup(@Nullable String value, long runs, Map<String, MetricStatistics> metrics) {}

  /**
   * Statistics over the runs of a group whose latest value is finite.
   *
   * @param count of those runs
   * @param notFinite runs that are left out because their latest value is NaN or infinite
   * @param missing runs that are left out because they have no value
   * @param mean null where no run has a value, as {@code min} and {@code max}
   * @param standardDeviation of the sample, with n - 1; null for fewer than two values
   */
  record MetricStatistics(
      long count,
      long notFinite,
      long missing,
      @Nullable Double mean,
      @Nullable Double min,
      @Nullable Double max,
      @Nullable Double standardDeviation) {}

  /**
   * @param runs ids of the runs to compare
   */
  record DifferenceQuery(@NotNull @Size(min = 2, max = 100) List<@NotBlank String> runs) {}

  /**
   * @param runs the ids, in the order asked for, each once
   * @param params those that differ, sorted by key, as {@code tags}
   */
  record RunDifferences(List<String> runs, List<Difference> params, List<Difference> tags) {}

  /**
   * @param values one for each run, in the order of the runs; null where a run lacks the key
   */
  record Difference(String key, List<@Nullable String> values) {}
}
