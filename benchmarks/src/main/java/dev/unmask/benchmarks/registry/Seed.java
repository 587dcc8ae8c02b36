package dev.unmask.benchmarks.registry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Rows as the registry would have written them, put straight into its tables: asking it for a
 * million of them would take hours. Knows the columns of several schema versions.
 */
final class Seed {
  /** Part of the key of kept data: to be raised with every change here. */
  static final int VERSION = 2;

  static final int METRICS = 10;
  static final int PARAMS = 10;
  static final int TAGS = 5;

  /** The key of long series. */
  static final String SERIES_KEY = "loss";

  private static final long BEGIN = 1_700_000_000_000L;
  private static final int APART = 1_000;

  /** Uniform in [0, 1), the same for the same number; the bits of hashint8 are well mixed. */
  private static final String UNIFORM = "((hashint8(%s) & 1048575) / 1048576.0::float8)";

  private static final List<String> TABLES =
      List.of("experiments", "runs", "run_params", "run_tags", "metric_series", "metric_points");

  private final Database database;
  private final boolean experimentOfSeries;
  private final boolean dirtyFrom;

  Seed(Database database) {
    this.database = database;
    this.experimentOfSeries = database.hasColumn("metric_series", "experiment_uid");
    this.dirtyFrom = database.hasColumn("metric_series", "dirty_from_step");
  }

  /**
   * The id of a seeded run.
   *
   * @param group tells runs apart that were seeded together
   * @param number from 1, rising with the start time
   */
  static String runId(String group, long number) {
    try {
      byte[] text = (group + " " + number).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** Milliseconds since 1970 at which a seeded run began. */
  static long startTime(long number) {
    return BEGIN + number * APART;
  }

  /** Finished runs of ten metrics with one point, ten params and five tags each. */
  void runs(Experiment experiment, String group, int count) {
    insertRuns(experiment, group, count);
    insertSeries(
        experiment,
        "'m' || k",
        "r.start_time",
        "0",
        UNIFORM.formatted("r.uid * 16 + k"),
        METRICS,
        "NULL"); // series as short as these need no summary
    database.update(
        "INSERT INTO metric_points (series_id, \"timestamp\", step, value)"
            + " SELECT s.id, s.latest_timestamp, s.latest_step, s.latest_value"
            + " FROM metric_series s JOIN runs r ON r.uid = s.run_uid WHERE "
            + experiment.holds());
    database.update(
        "INSERT INTO run_params (run_uid, key, value)"
            + " SELECT r.uid, 'p' || k, 'value ' || (hashint8(r.uid * 16 + k) & 63)"
            + " FROM runs r, generate_series(0, "
            + (PARAMS - 1)
            + ") k WHERE "
            + experiment.holds()
            + " ORDER BY r.uid, k");
    database.update(
        "INSERT INTO run_tags (run_uid, key, value)"
            + " SELECT r.uid, CASE k WHEN 0 THEN 'mlflow.runName' ELSE 't' || k END,"
            + " CASE k WHEN 0 THEN r.name ELSE 'tag ' || (hashint8(r.uid * 8 + k) & 15) END"
            + " FROM runs r, generate_series(0, "
            + (TAGS - 1)
            + ") k WHERE "
            + experiment.holds()
            + " ORDER BY r.uid, k");
  }

  /** Finished runs with one long series each, in an experiment of their own. */
  void longSeries(Experiment experiment, String group, int count, int points) {
    insertRuns(experiment, group, count);
    long last = points - 1L;
    insertSeries(
        experiment,
        "'" + SERIES_KEY + "'",
        "r.start_time + 100 * " + last,
        Long.toString(last),
        loss(Long.toString(last)),
        1,
        "NULL");
    database.update(
        "INSERT INTO metric_points (series_id, \"timestamp\", step, value)"
            + " SELECT s.id, r.start_time + 100 * i, i, "
            + loss("i")
            + " FROM metric_series s JOIN runs r ON r.uid = s.run_uid, generate_series(0::bigint, "
            + last
            + ") i WHERE "
            + experiment.holds()
            + " ORDER BY s.id, i");
    if (dirtyFrom) {
      // Only now: the registry takes a marked series without points for one that needs no summary.
      database.update(
          "UPDATE metric_series s SET dirty_from_step = 0 FROM runs r WHERE r.uid = s.run_uid AND "
              + experiment.holds());
    }
  }

  /** SQL: falls with the step, with noise, whose extremes down-sampling must keep. */
  private static String loss(String step) {
    return "(2.0 / (1 + "
        + step
        + " / 1000.0) + "
        + UNIFORM.formatted(step + "::bigint * 64 + (r.uid & 63)")
        + ")::float8";
  }

  private void insertRuns(Experiment experiment, String group, int count) {
    database.update(
        "INSERT INTO runs (run_id, team_id, experiment_number, name, user_id, status,"
            + " start_time, end_time, lifecycle)"
            + " SELECT md5('%s ' || i), e.team_id, e.number, '%s ' || i, 'benchmark', 'FINISHED',"
                .formatted(group, group)
            + " %d + i * %d, %d + i * %d + 500, 'active'".formatted(BEGIN, APART, BEGIN, APART)
            + " FROM generate_series(1::bigint, %d) i, experiments e WHERE e.uid = %d ORDER BY i"
                .formatted(count, experiment.uid()));
  }

  private void insertSeries(
      Experiment experiment,
      String key,
      String timestamp,
      String step,
      String value,
      int each,
      String dirty) {
    database.update(
        "INSERT INTO metric_series (run_uid, key, latest_step, latest_timestamp, latest_value"
            + (experimentOfSeries ? ", experiment_uid" : "")
            + (dirtyFrom ? ", dirty_from_step" : "")
            + ") SELECT r.uid, "
            + String.join(", ", key, step, timestamp, value)
            + (experimentOfSeries ? ", " + experiment.uid() : "")
            + (dirtyFrom ? ", " + dirty : "")
            + " FROM runs r, generate_series(0, "
            + (each - 1)
            + ") k WHERE "
            + experiment.holds()
            + " ORDER BY r.uid, k");
  }

  /** What autovacuum would do in a while, so that it does not in the middle of a measurement. */
  void settle() {
    TABLES.forEach(table -> database.update("VACUUM (ANALYZE) " + table));
    if (database.hasColumn("metric_buckets", "ordinal")) {
      database.update("VACUUM (ANALYZE) metric_buckets");
    }
  }
}
