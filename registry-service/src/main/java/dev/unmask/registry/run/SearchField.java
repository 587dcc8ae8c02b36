package dev.unmask.registry.run;

import dev.unmask.registry.query.EntityKind;
import dev.unmask.registry.query.Identifier;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.SortKey;
import java.util.Locale;

/**
 * What an identifier of a search of runs is about: a key of one of three tables, a data set, or a
 * column.
 */
enum SearchField {
  METRIC("metric_series"),
  PARAM("run_params"),
  TAG("run_tags"),
  DATASET("run_inputs"),
  ATTRIBUTE("runs");

  private final String table;

  SearchField(String table) {
    this.table = table;
  }

  String table() {
    return table;
  }

  static SearchField of(Identifier identifier) {
    return of(identifier.kind());
  }

  static SearchField of(EntityKind kind) {
    return switch (kind) {
      case METRIC -> METRIC;
      case PARAM -> PARAM;
      case TAG -> TAG;
      case DATASET -> DATASET;
      case ATTRIBUTE -> ATTRIBUTE;
    };
  }

  /** The columns of a run that searches may name. */
  enum Attribute {
    RUN_ID("r.run_id"),
    STATUS("r.status"),
    ARTIFACT_URI(
        "('mlflow-artifacts:/' || r.experiment_number || '/' || r.run_id || '/artifacts')"),
    USER_ID("r.user_id"),
    RUN_NAME("r.name"),
    /** As the index has it: its complement, so that ascending is newest first. */
    START_TIME("(~r.start_time)"),
    END_TIME("r.end_time");

    private final String sql;

    Attribute(String sql) {
      this.sql = sql;
    }

    String sql() {
      return sql;
    }

    SortKey sortKey(boolean ascending) {
      return switch (this) {
        case START_TIME -> SortKey.integer(sql, !ascending, false);
        case END_TIME -> SortKey.integer(sql, ascending, true);
        case RUN_ID, STATUS, ARTIFACT_URI, USER_ID, RUN_NAME -> SortKey.text(sql, ascending, false);
      };
    }

    static Attribute of(Identifier identifier) {
      return switch (identifier.key().toLowerCase(Locale.ROOT)) {
        case "run_id" -> RUN_ID;
        case "status" -> STATUS;
        case "artifact_uri" -> ARTIFACT_URI;
        case "user_id" -> USER_ID;
        case "run_name" -> RUN_NAME;
        case "start_time", "created" -> START_TIME;
        case "end_time" -> END_TIME;
        default ->
            throw new InvalidQueryException(
                "Invalid attribute key '"
                    + identifier.key()
                    + "' specified. Valid keys are run_id, status, artifact_uri, user_id, run_name,"
                    + " start_time, end_time");
      };
    }
  }
}
