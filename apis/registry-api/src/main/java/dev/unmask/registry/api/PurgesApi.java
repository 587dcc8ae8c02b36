package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.unmask.registry.api.RunsApi.RunState;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * Hard deletes of runs and experiments, scoped to the caller's team. When a request is answered,
 * what it is about is invisible everywhere and its name is free; rows and bytes go in the
 * background.
 */
@HttpExchange("/api/v1/registry")
public interface PurgesApi {

  /**
   * Purges an experiment with all its runs; 202. The experiment Default has to stay: 400.
   *
   * @param experiment 404 when the team has no such experiment
   */
  @PostExchange("/experiments/{experiment}/purge")
  PurgeView purgeExperiment(
      @RequestHeader(value = ModelsApi.TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable long experiment);

  /**
   * Purges runs; 202, or 404 and nothing is purged when one of the ids or experiments is unknown.
   */
  @PostExchange("/runs/purge")
  PurgeView purgeRuns(
      @RequestHeader(value = ModelsApi.TEAM_HEADER, required = false) @Nullable String team,
      @RequestBody PurgeRuns request);

  /**
   * The team's purges, newest first.
   *
   * @param after id of the last purge that is known already; from the newest where absent
   * @param size how many, 1 to 1,000; 100 where absent
   */
  @GetExchange("/purges")
  List<PurgeView> purges(
      @RequestHeader(value = ModelsApi.TEAM_HEADER, required = false) @Nullable String team,
      @RequestParam(required = false) @Nullable String after,
      @RequestParam(required = false) @Nullable Integer size);

  /** One purge and how far it is. */
  @GetExchange("/purges/{id}")
  PurgeView purge(
      @RequestHeader(value = ModelsApi.TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable String id);

  /**
   * Brings back what is not removed yet; 409 when nothing is left to bring back. An experiment
   * whose name is taken by now comes back with its number behind its name.
   */
  @DeleteExchange("/purges/{id}")
  PurgeView cancel(
      @RequestHeader(value = ModelsApi.TEAM_HEADER, required = false) @Nullable String team,
      @PathVariable String id);

  /**
   * Either ids, or experiments with a filter.
   *
   * @param runs ids, at most 20,000
   * @param experiments numbers of the experiments to look into
   * @param filter as searches of runs take it; all runs where absent
   * @param state which part of the life cycle; all of it where absent
   */
  record PurgeRuns(
      @Nullable List<@NotNull String> runs,
      @Nullable @Size(max = 1_000) List<@NotNull Long> experiments,
      @Nullable String filter,
      @Nullable RunState state) {}

  /**
   * @param state {@code hiding}, {@code removing}, {@code done}, {@code cancelling} or {@code
   *     cancelled}
   * @param experiment number of the experiment that goes too, absent where only runs go
   * @param runs how many runs it is about
   * @param runsRemoved how many of them are gone
   * @param runsRestored how many of them are visible again
   * @param pointsRemoved metric points that are gone
   * @param requestedBy id of the user
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PurgeView(
      String id,
      String state,
      @Nullable Long experiment,
      long runs,
      long runsRemoved,
      long runsRestored,
      long pointsRemoved,
      String requestedBy,
      Instant requestedAt,
      @Nullable Instant endedAt) {}
}
