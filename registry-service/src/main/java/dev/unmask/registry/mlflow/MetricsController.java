package dev.unmask.registry.mlflow;

import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.mlflow.MlflowJson.Metric;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.query.PageToken;
import dev.unmask.registry.run.RunService;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;

/** {@code metrics/*}. */
@MlflowRoutes
@RequiresRole(Role.VIEWER)
class MetricsController {
  private static final int MOST = 1_000_000;

  private final RunService runs;

  MetricsController(RunService runs) {
    this.runs = runs;
  }

  @GetMapping("/metrics/get-history")
  Map<String, Object> history(
      Caller caller,
      MlflowRequest request,
      @RequestHeader(value = HttpHeaders.USER_AGENT, required = false) @Nullable String agent) {
    boolean whole = agent != null && agent.startsWith("mlflow-java-client/");
    // The Java client fails on a second page, so it gets everything in the first.
    Integer most =
        whole || !request.has("max_results") ? null : Integer.valueOf(request.maxResults(1, MOST));
    Page<MetricPoint> page =
        runs.history(
            caller.teamId(),
            request.runId(),
            request.required("metric_key"),
            most,
            PageToken.parse(request.text("page_token")));
    return MlflowJson.list("metrics", page.items().stream().map(Metric::of).toList(), page.next());
  }
}
