package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** Whether runs are alive, and what is needed to make one again. */
@HttpExchange("/api/v1/registry/runs")
public interface RunStateApi {

  /** One run; 404 when the team has none of this id. */
  @GetExchange("/{runId}")
  RunState run(@PathVariable String runId);

  /**
   * Runs that claim to be running and have given no sign of life for long, the longest silent
   * first.
   */
  @GetExchange("/stale")
  StaleRuns stale(@RequestParam(name = "max_results", defaultValue = "100") int most);

  /**
   * A sign of life of a run that has nothing to log for a while; whatever is logged is one, too.
   * Needs a member; 204.
   */
  @PostExchange("/{runId}/heartbeat")
  void heartbeat(@PathVariable String runId);

  /**
   * @param status as MLflow's clients set it
   * @param stale whether it says RUNNING or SCHEDULED and was silent for longer than the registry's
   *     {@code unmask.registry.runs.stale-after}; its status stays what its client set
   * @param lastSign the latest of its start and what was logged; some seconds late
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RunState(
      String runId,
      String experimentId,
      String name,
      String status,
      boolean stale,
      Instant startedAt,
      @Nullable Instant endedAt,
      Instant lastSign,
      Origin origin) {}

  /**
   * Where a run comes from, by its tags and params.
   *
   * @param dirty whether the source had changes that are in no commit; absent when nobody said
   * @param dataSha256 of the corpus
   * @param environment versions of what it ran on
   * @param missing which of these nobody told, so that the run can't be made again for sure
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Origin(
      @Nullable String source,
      @Nullable String commit,
      @Nullable String branch,
      @Nullable Boolean dirty,
      @Nullable String command,
      @Nullable String seed,
      @Nullable String dataSha256,
      Map<String, String> environment,
      List<String> missing) {}

  record StaleRuns(List<StaleRun> runs) {}

  /**
   * @param lastSign see {@link RunState}
   */
  record StaleRun(String runId, String experimentId, String name, Instant lastSign) {}
}
