package dev.unmask.registry.webhook;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What can be told. */
public enum EventKind {
  RUN_FINISHED("run.finished"),
  RUN_FAILED("run.failed"),
  RUN_KILLED("run.killed"),
  RUN_STALE("run.stale"),
  METRIC_NOT_FINITE("metric.not_finite"),
  VERSION_CREATED("model_version.created"),
  ALIAS_MOVED("model_alias.moved"),
  /** Asked for by an administrator, to see whether messages arrive. */
  PING("ping");

  private final String wireName;

  EventKind(String wireName) {
    this.wireName = wireName;
  }

  /** As messages and settings write it. */
  public String wireName() {
    return wireName;
  }

  static EventKind of(String field, String name) {
    return Arrays.stream(values())
        .filter(kind -> kind.wireName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UnmaskException.ofField(
                    ErrorCode.INVALID_REQUEST,
                    field,
                    "must be one of "
                        + Arrays.stream(values())
                            .map(EventKind::wireName)
                            .collect(Collectors.joining(", "))
                        + "; was '"
                        + name
                        + "'"));
  }
}
