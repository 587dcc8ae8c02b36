package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Samples;
import java.util.List;
import java.util.stream.Collectors;

/** The searches as plain SQL, in the form that suits the registry's tables best. */
record SearchPlans(Database database, Experiment experiment, int repeats) {
  private static final String NEWEST = "r.start_time DESC, r.run_id";

  /** Milliseconds of the newest runs and all that belongs to them. */
  double newest(int most) {
    return withData("FROM runs r WHERE " + active(), NEWEST, most);
  }

  /** Milliseconds of the newest runs that began before this one, without what belongs to them. */
  double newestBefore(long number, int most) {
    return execution(
        "SELECT r.* FROM runs r WHERE "
            + active()
            + " AND r.start_time < "
            + Seed.startTime(number)
            + " ORDER BY "
            + NEWEST
            + " LIMIT "
            + most);
  }

  /**
   * Milliseconds of the runs with the greatest values of a metric, and all that belongs to them.
   */
  double byMetric(double above, int most) {
    boolean ofExperiment = database.hasColumn("metric_series", "experiment_uid");
    return withData(
        "FROM metric_series s JOIN runs r ON r.uid = s.run_uid WHERE s.key = 'm0'"
            + (ofExperiment ? " AND s.experiment_uid = " + experiment.uid() : "")
            + " AND s.latest_value > "
            + above
            + " AND s.latest_value <> 'NaN' AND "
            + active(),
        "s.latest_value DESC, " + NEWEST,
        most);
  }

  private String active() {
    return experiment.holds() + " AND r.lifecycle = 'active'";
  }

  private double withData(String from, String order, int most) {
    String page = " " + from + " ORDER BY " + order + " LIMIT " + most;
    List<Long> uids = database.numbers("SELECT r.uid" + page);
    String found =
        uids.stream().map(String::valueOf).collect(Collectors.joining(",", "'{", "}'::bigint[]"));
    double sum = execution("SELECT r.*" + page);
    for (String table : List.of("metric_series", "run_params", "run_tags")) {
      sum += execution("SELECT * FROM " + table + " WHERE run_uid = ANY (" + found + ")");
    }
    return sum;
  }

  private double execution(String query) {
    Samples milliseconds = database.executing(query, repeats);
    return milliseconds.median();
  }
}
