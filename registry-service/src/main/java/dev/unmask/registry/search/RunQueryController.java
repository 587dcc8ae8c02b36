package dev.unmask.registry.search;

import dev.unmask.registry.api.RunsApi.GroupQuery;
import dev.unmask.registry.api.RunsApi.MetricStatistics;
import dev.unmask.registry.api.RunsApi.MetricValue;
import dev.unmask.registry.api.RunsApi.RunGroups;
import dev.unmask.registry.api.RunsApi.RunPage;
import dev.unmask.registry.api.RunsApi.RunQuery;
import dev.unmask.registry.api.RunsApi.RunState;
import dev.unmask.registry.experiment.ExperimentService;
import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.Identifiers;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunFields;
import dev.unmask.registry.run.RunGroup;
import dev.unmask.registry.run.RunGrouping;
import dev.unmask.registry.run.RunSearch;
import dev.unmask.registry.run.RunSearchService;
import dev.unmask.registry.run.RunView;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the searches of {@link dev.unmask.registry.api.RunsApi}. */
@RestController
@RequestMapping("/api/v1/registry/runs")
@RequiresRole(Role.VIEWER)
class RunQueryController {
  private static final int SIZE = 100;

  private final RunSearchService runs;
  private final ExperimentService experiments;

  RunQueryController(RunSearchService runs, ExperimentService experiments) {
    this.runs = runs;
    this.experiments = experiments;
  }

  @PostMapping("/search")
  RunPage search(Caller caller, @Valid @RequestBody RunQuery query) {
    RunFields fields = RunFields.parse(query.fields());
    RunSearch search =
        new RunSearch(
            numbers(caller, query.experiments()),
            Filter.parse(query.filter()),
            OrderClause.parseAll(orEmpty(query.order())),
            view(query.state()),
            query.size() == null ? SIZE : query.size(),
            query.after());
    Page<Run> page = runs.find(caller.teamId(), search);
    return new RunPage(
        runs.load(page.items(), fields).stream().map(RunQueryController::view).toList(),
        page.next());
  }

  @PostMapping("/groups")
  RunGroups groups(Caller caller, @Valid @RequestBody GroupQuery query) {
    RunGrouping grouping =
        new RunGrouping(
            numbers(caller, query.experiments()),
            Filter.parse(query.filter()),
            view(query.state()),
            Identifiers.parse(query.by(), "by"),
            query.metrics().stream().distinct().toList());
    return new RunGroups(
        runs.group(caller.teamId(), grouping).stream().map(RunQueryController::view).toList());
  }

  private List<Long> numbers(Caller caller, @Nullable List<Long> wanted) {
    return experiments.numbers(caller.teamId(), orEmpty(wanted));
  }

  private static RunView view(@Nullable RunState state) {
    return switch (state) {
      case null -> RunView.ACTIVE_ONLY;
      case ACTIVE -> RunView.ACTIVE_ONLY;
      case DELETED -> RunView.DELETED_ONLY;
      case ALL -> RunView.ALL;
    };
  }

  private static dev.unmask.registry.api.RunsApi.RunView view(Run.Details details) {
    Run run = details.run();
    Map<String, MetricValue> metrics = new LinkedHashMap<>();
    for (MetricPoint point : details.metrics()) {
      metrics.put(point.key(), new MetricValue(point.value(), point.step(), point.timestamp()));
    }
    return new dev.unmask.registry.api.RunsApi.RunView(
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

  private static dev.unmask.registry.api.RunsApi.RunGroup view(RunGroup group) {
    Map<String, MetricStatistics> metrics = new LinkedHashMap<>();
    for (RunGroup.Statistics of : group.metrics()) {
      metrics.put(
          of.metric(),
          new MetricStatistics(
              of.count(),
              of.notFinite(),
              of.missing(),
              of.mean(),
              of.min(),
              of.max(),
              of.standardDeviation()));
    }
    return new dev.unmask.registry.api.RunsApi.RunGroup(group.value(), group.runs(), metrics);
  }

  private static <T> List<T> orEmpty(@Nullable List<T> items) {
    return items == null ? List.of() : items;
  }
}
