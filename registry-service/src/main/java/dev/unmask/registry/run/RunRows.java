package dev.unmask.registry.run;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads runs {@code r} from rows. */
final class RunRows {
  static final String COLUMNS =
      "r.uid, r.run_id, r.team_id, r.experiment_number, r.name, r.user_id, r.status,"
          + " r.start_time, r.end_time, r.lifecycle";

  /** The first column that follows. */
  static final int NEXT = 11;

  private RunRows() {}

  static Run read(ResultSet row) throws SQLException {
    long endTime = row.getLong(9);
    Long orNoEnd = row.wasNull() ? null : endTime;
    return new Run(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getLong(4),
        row.getString(5),
        row.getString(6),
        RunStatus.valueOf(row.getString(7)),
        row.getLong(8),
        orNoEnd,
        row.getString(10).equals("active"));
  }
}
