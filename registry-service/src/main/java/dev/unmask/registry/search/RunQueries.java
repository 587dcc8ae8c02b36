package dev.unmask.registry.search;

import dev.unmask.registry.api.RunsApi.MetricValue;
import dev.unmask.registry.api.RunsApi.RunQuery;
import dev.unmask.registry.api.RunsApi.RunState;
import dev.unmask.registry.api.RunsApi.RunView;
import dev.unmask.registry.experiment.ExperimentService;
import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunSearch;
import dev.unmask.support.security.Caller;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads what callers ask of runs, and writes runs as they are answered. */
@Component
public class RunQueries {
  private static final int SIZE = 100;

  private final ExperimentService experiments;

  RunQueries(ExperimentService experiments) {
    this.experiments = experiments;
  }

  /**
   * The search that the caller asks for.
   *
   * @throws dev.unmask.support.error.UnmaskException when the team lacks one of the experiments
   * @throws dev.unmask.registry.query.InvalidQueryException when filter or order can't be read
   */
  public RunSearch search(Caller caller, RunQuery query) {
    return new RunSearch(
        numbers(caller, query.experiments()),
        Filter.parse(query.filter()),
        OrderClause.parseAll(orEmpty(query.order())),
        view(query.state()),
        query.size() == null ? SIZE : query.size(),
        query.after());
  }

  List<Long> numbers(Caller caller, @Nullable List<Long> wanted) {
    return experiments.numbers(caller.teamId(), orEmpty(wanted));
  }

  static dev.unmask.registry.run.RunView view(@Nullable RunState state) {
    return switch (state) {
      case null -> dev.unmask.registry.run.RunView.ACTIVE_ONLY;
      case ACTIVE -> dev.unmask.registry.run.RunView.ACTIVE_ONLY;
      case DELETED -> dev.unmask.registry.run.RunView.DELETED_ONLY;
      case ALL -> dev.unmask.registry.run.RunView.ALL;
    };
  }

  /** The run as the native routes answer it. */
  public static RunView view(Run.Details details) {
    Run run = details.run();
    Map<String, MetricValue> metrics = new LinkedHashMap<>();
    for (MetricPoint point : details.metrics()) {
      metrics.put(point.key(), new MetricValue(point.value(), point.step(), point.timestamp()));
    }
    return new RunView(
        run.runId(),
        run.experiment(),
        run.name(),
        run.userId(),
        run.status().name(),
        run.startTime(),
        run.endTime(),
        run.active(),
        details.params(),
        details.tags(),
        metrics);
  }

  private static <T> List<T> orEmpty(@Nullable List<T> items) {
    return items == null ? List.of() : items;
  }
}
