package dev.unmask.registry.mlflow;

import dev.unmask.registry.mlflow.MlflowJson.Metric;
import dev.unmask.registry.mlflow.MlflowJson.RunMetric;
import dev.unmask.registry.series.BulkHistoryService;
import dev.unmask.registry.series.BulkHistoryService.Steps;
import dev.unmask.registry.series.HistoryService;
import dev.unmask.registry.series.HistoryService.Piece;
import dev.unmask.registry.series.HistoryToken;
import dev.unmask.registry.series.Point;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** {@code metrics/*}. */
@MlflowRoutes
@RequiresRole(Role.VIEWER)
class MetricsController {
  private static final int MOST = 1_000_000;
  private static final int SAMPLES = 2_500;

  /** A run's first and last step come on top of the sampled ones. */
  private static final int POINTS_OF_A_RUN = SAMPLES + 2;

  private final HistoryService histories;
  private final BulkHistoryService bulk;
  private final JsonMapper json;

  MetricsController(HistoryService histories, BulkHistoryService bulk, JsonMapper json) {
    this.histories = histories;
    this.bulk = bulk;
    this.json = json;
  }

  @GetMapping("/metrics/get-history")
  void history(
      Caller caller,
      MlflowRequest request,
      @RequestHeader(value = HttpHeaders.USER_AGENT, required = false) @Nullable String agent,
      HttpServletResponse response)
      throws IOException {
    boolean whole = agent != null && agent.startsWith("mlflow-java-client/");
    // The Java client fails on a second page, so it gets everything in the first.
    long most = whole || !request.has("max_results") ? Long.MAX_VALUE : request.maxResults(1, MOST);
    String key = request.required("metric_key");
    HistoryToken start = HistoryToken.parse(request.text("page_token"));
    OptionalLong series = histories.find(caller.teamId(), request.runId(), key);
    Piece first =
        series.isEmpty()
            ? new Piece(List.of(), null)
            : histories.read(series.getAsLong(), start, most);
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    // Not closed by a failure, which would complete the JSON of a history that is cut off.
    JsonGenerator out = json.createGenerator(response.getOutputStream());
    out.writeStartObject();
    if (!first.points().isEmpty()) {
      write(out, series.getAsLong(), key, first, most);
    }
    out.writeEndObject();
    out.close();
  }

  private void write(JsonGenerator out, long series, String key, Piece first, long most) {
    out.writeArrayPropertyStart("metrics");
    Piece piece = first;
    long left = most;
    while (true) {
      for (Point point : piece.points()) {
        out.writePOJO(new Metric(key, point.value(), point.time(), point.step()));
      }
      left -= piece.points().size();
      HistoryToken next = piece.next();
      if (next == null || left == 0) {
        break;
      }
      piece = histories.read(series, next, left);
    }
    out.writeEndArray();
    HistoryToken next = piece.next();
    if (next != null) {
      out.writeStringProperty("next_page_token", next.encoded());
    }
  }

  @GetMapping("/metrics/get-history-bulk-interval")
  Map<String, Object> sample(Caller caller, MlflowRequest request) {
    List<String> runs = request.runIds("run_ids");
    String key = request.required("metric_key");
    Steps steps = steps(request.int64("start_step"), request.int64("end_step"));
    int most = request.maxResults(SAMPLES, SAMPLES);
    return MlflowJson.list(
        "metrics",
        bulk.sample(caller.teamId(), runs, key, steps, most, POINTS_OF_A_RUN).stream()
            .map(found -> RunMetric.of(key, found))
            .toList(),
        null);
  }

  private static Steps steps(@Nullable Long start, @Nullable Long end) {
    if (start == null && end == null) {
      return Steps.ALL;
    }
    if (start == null || end == null) {
      throw MlflowRequest.fault(
          "Invalid value for parameter '"
              + (start == null ? "start_step" : "end_step")
              + "' supplied: give both start_step and end_step, or neither");
    }
    if (start > end) {
      throw MlflowRequest.fault(
          "Invalid value "
              + end
              + " for parameter 'end_step' supplied: it must not be below start_step, "
              + start);
    }
    return new Steps(start, end);
  }
}
