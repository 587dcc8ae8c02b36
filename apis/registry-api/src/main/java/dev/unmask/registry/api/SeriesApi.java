package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** Curves of metrics for charts, of many runs at once, scoped to the caller's team. */
@HttpExchange("/api/v1/registry/series")
public interface SeriesApi {

  /**
   * The curves, run by run in the order of the keys; what a run never logged is left out. 404 when
   * the team has not all of the runs.
   */
  @PostExchange
  SeriesAnswer read(
      @RequestHeader(value = ModelsApi.TEAM_HEADER, required = false) @Nullable String team,
      @RequestBody SeriesRequest request);

  /** What a curve runs over. */
  enum Axis {
    /** The step that the point was logged with. */
    @JsonProperty("step")
    STEP,
    /** Milliseconds since the epoch. */
    @JsonProperty("time")
    TIME,
    /** Milliseconds since the run's start. */
    @JsonProperty("relative")
    RELATIVE
  }

  /**
   * @param runs ids of 1 to 100 runs
   * @param keys names of 1 to 20 metrics
   * @param x step when absent
   * @param from lowest x, included; the beginning when absent
   * @param to highest x, included; the end when absent
   * @param points buckets of a curve at most, 1 to 10,000; 500 when absent. An answer has 64,000 at
   *     most: with many curves each may have fewer
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SeriesRequest(
      List<String> runs,
      List<String> keys,
      @Nullable Axis x,
      @Nullable Long from,
      @Nullable Long to,
      @Nullable Integer points) {}

  record SeriesAnswer(List<Curve> series) {}

  /**
   * All points of a metric in the range that was asked for: each by itself where they are few,
   * otherwise in buckets of consecutive ones. Nothing is left out: the counts of the buckets add
   * up.
   *
   * @param count logged points in the range
   * @param nonFinite how many of them are NaN or infinite; absent when none is
   * @param points every point; absent where there are buckets
   * @param buckets absent where there are points
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Curve(
      String runId,
      String key,
      long count,
      @Nullable NonFinite nonFinite,
      @Nullable List<Point> points,
      @Nullable List<Bucket> buckets) {}

  /**
   * What consecutive points leave behind.
   *
   * @param first may be NaN or infinite, as {@code last}
   * @param min the least finite point; absent when none is finite
   * @param max the greatest finite point; absent when none is finite
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Bucket(
      long count,
      Point first,
      Point last,
      @Nullable Point min,
      @Nullable Point max,
      @Nullable NonFinite nonFinite) {}

  /** {@code [x, value]}; NaN and the infinities are the texts of these names. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"x", "value"})
  record Point(long x, double value) {}

  /** How many points have a value that no chart can place. */
  record NonFinite(long nan, long infinity, long minusInfinity) {}
}
