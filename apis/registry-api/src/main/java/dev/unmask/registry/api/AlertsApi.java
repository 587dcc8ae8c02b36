package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * Troubles of the team's runs, each told once: a metric that is NaN or infinite (once for each run
 * and key), a run that failed, a run that says it is running and is silent.
 */
@HttpExchange("/api/v1/registry/alerts")
public interface AlertsApi {

  /**
   * Newest first.
   *
   * @param open whether those that somebody acknowledged are left out
   * @param before only alerts with a smaller id: the id of the last one of the page before
   */
  @GetExchange
  List<AlertView> list(
      @RequestParam(name = "open", defaultValue = "true") boolean open,
      @RequestParam(name = "before", required = false) @Nullable Long before,
      @RequestParam(name = "max_results", defaultValue = "100") int most);

  /** Says that somebody looks after it; needs a member. A second time changes nothing. */
  @PostExchange("/{id}/acknowledge")
  AlertView acknowledge(@PathVariable long id);

  /**
   * @param kind {@code metric-not-finite}, {@code run-failed} or {@code run-stale}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AlertView(
      long id,
      String kind,
      String runId,
      String message,
      Instant at,
      @Nullable String acknowledgedBy,
      @Nullable Instant acknowledgedAt) {}
}
