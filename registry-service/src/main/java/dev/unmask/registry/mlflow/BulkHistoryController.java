package dev.unmask.registry.mlflow;

import dev.unmask.registry.mlflow.MlflowJson.RunMetric;
import dev.unmask.registry.series.BulkHistoryService;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;

/** What the web UI's prefix alone has of {@code metrics/*}. */
@MlflowRoutes("/ajax-api/2.0/mlflow")
@RequiresRole(Role.VIEWER)
class BulkHistoryController {
  private static final int MOST = 25_000;

  private final BulkHistoryService bulk;

  BulkHistoryController(BulkHistoryService bulk) {
    this.bulk = bulk;
  }

  /** Here the list is there also when it is empty: this call has no message of the protocol. */
  @GetMapping("/metrics/get-history-bulk")
  Map<String, Object> all(Caller caller, MlflowRequest request) {
    List<String> runs = request.runIds("run_id");
    String key = request.required("metric_key");
    int most = request.maxResults(MOST, MOST);
    return Map.of(
        "metrics",
        bulk.all(caller.teamId(), runs, key, most).stream()
            .map(found -> RunMetric.of(key, found))
            .toList());
  }
}
