package dev.unmask.registry.retention;

import dev.unmask.registry.api.PurgesApi.PurgeRuns;
import dev.unmask.registry.api.RunsApi.RunState;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.run.RunView;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** Which runs shall be purged, as the caller says it. */
sealed interface PurgedRuns {
  /** Most ids of one request: what fits into a body. */
  int MOST_IDS = 20_000;

  record ById(SequencedSet<String> runIds) implements PurgedRuns {}

  /**
   * @param text the filter as it was written
   */
  record ByFilter(List<Long> experiments, Filter filter, String text, RunView view)
      implements PurgedRuns {}

  /** One line for the audit log. */
  default String description() {
    return switch (this) {
      case ById(SequencedSet<String> ids) -> ids.size() + " runs by id, " + ids.getFirst() + " ...";
      case ByFilter(List<Long> experiments, Filter filter, String text, RunView view) ->
          view + " of experiments " + experiments + " where " + text;
    };
  }

  /**
   * @throws UnmaskException INVALID_REQUEST naming the field that is missing, too much or wrong
   */
  static PurgedRuns of(PurgeRuns request) {
    List<String> ids = request.runs();
    List<Long> experiments = request.experiments();
    if (ids == null && (experiments == null || experiments.isEmpty())) {
      throw invalid("runs", "is required: give ids of runs, or 'experiments' with a 'filter'");
    }
    if (ids == null) {
      return new ByFilter(
          List.copyOf(experiments),
          Filter.parse(request.filter()),
          Objects.requireNonNullElse(request.filter(), ""),
          view(request.state()));
    }
    if (experiments != null || request.filter() != null || request.state() != null) {
      throw invalid("runs", "can't be given together with 'experiments', 'filter' or 'state'");
    }
    if (ids.isEmpty() || ids.size() > MOST_IDS) {
      throw invalid("runs", "must have 1 to " + MOST_IDS + " ids, has " + ids.size());
    }
    return new ById(new LinkedHashSet<>(ids));
  }

  private static RunView view(@Nullable RunState state) {
    return switch (state) {
      case null -> RunView.ALL;
      case ALL -> RunView.ALL;
      case ACTIVE -> RunView.ACTIVE_ONLY;
      case DELETED -> RunView.DELETED_ONLY;
    };
  }

  private static UnmaskException invalid(String field, String message) {
    return UnmaskException.ofField(ErrorCode.INVALID_REQUEST, field, message);
  }
}
