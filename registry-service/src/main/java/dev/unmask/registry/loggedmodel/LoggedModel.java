package dev.unmask.registry.loggedmodel;

import dev.unmask.registry.metric.ModelMetric;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A logged model.
 *
 * @param uid key in the database, never shown
 * @param modelId {@code m-} and 32 hex digits
 * @param experiment number of its experiment
 * @param sourceRunId the run that made it, if any
 * @param createdAt milliseconds since the epoch, as {@code updatedAt}
 */
public record LoggedModel(
    long uid,
    String modelId,
    long experiment,
    String name,
    @Nullable String modelType,
    @Nullable String sourceRunId,
    LoggedModelStatus status,
    long createdAt,
    long updatedAt) {

  /**
   * A logged model with what is said about it.
   *
   * @param metrics at most 1,000, those of the highest steps, sorted by key
   */
  public record Details(
      LoggedModel model,
      SortedMap<String, String> params,
      SortedMap<String, String> tags,
      List<ModelMetric> metrics) {}
}
