package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.unmask.registry.api.RunsApi.RunState;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs and points of their metrics as files. Answers are streamed while they are read, whatever
 * their number, and therefore not modelled here. An answer that could not be finished ends with the
 * connection, so that it can't be taken for a whole one.
 */
public interface ExportsApi {

  /**
   * By POST of an {@link ExportQuery}: one row a run. In {@code csv} and {@code parquet} each
   * param, tag and metric is a column, named as in searches ({@code params.lr}); {@code json} has
   * one {@link RunsApi.RunView} a line. Answers 400 for more than 2,000 columns and 404 when the
   * team lacks one of the experiments.
   */
  String RUNS_PATH = "/api/v1/registry/runs/export";

  /**
   * By POST of an {@link ExportQuery}, whose fields name metrics only: one row a point, as {@link
   * ExportedPoint}; runs come as in {@link #RUNS_PATH}, the points of a metric by step.
   */
  String POINTS_PATH = "/api/v1/registry/runs/export/points";

  /** What kind of file is answered. */
  enum ExportFormat {
    /** With a header; texts in quotes, numbers without, nothing for what a run lacks. */
    @JsonProperty("csv")
    CSV,
    /** One JSON object a line. */
    @JsonProperty("json")
    JSON,
    @JsonProperty("parquet")
    PARQUET
  }

  /**
   * @param experiments ids; all active experiments of the team where absent or empty
   * @param filter as in {@link RunsApi.RunQuery}, likewise {@code order}, {@code state} and {@code
   *     fields}
   */
  record ExportQuery(
      @NotNull ExportFormat format,
      @Nullable @Size(max = 1_000) List<@NotNull Long> experiments,
      @Nullable String filter,
      @Nullable @Size(max = 20) List<@NotNull String> order,
      @Nullable RunState state,
      @Nullable @Size(max = 200) List<@NotNull String> fields) {}

  /**
   * @param run id of the run
   * @param key of the metric
   * @param timestamp milliseconds since the epoch
   * @param value NaN and the infinities are written as texts in JSON
   */
  record ExportedPoint(String run, String key, long step, long timestamp, double value) {}
}
