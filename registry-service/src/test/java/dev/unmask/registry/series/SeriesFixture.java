package dev.unmask.registry.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.registry.series.BucketTable.Placed;
import dev.unmask.registry.series.SummaryService.Due;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A registry whose summariser sleeps, so that tests say when it looks. */
final class SeriesFixture {
  private static final JsonMapper JSON = JsonMapper.shared();

  final Client team = registry().team("series-" + UUID.randomUUID());
  final JdbcTemplate jdbc = registry().bean(JdbcTemplate.class);
  final SummaryService summaries = registry().bean(SummaryService.class);

  static RegistryServer registry() {
    return Holder.SERVER;
  }

  String newRun() {
    return created("{}");
  }

  String created(String request) {
    return team.post("runs/create", request).json().at("/run/info/run_id").stringValue();
  }

  /** Logs as clients do, a thousand at once. */
  void log(String run, String key, List<Point> points) {
    for (int from = 0; from < points.size(); from += 1_000) {
      ObjectNode batch = JSON.createObjectNode().put("run_id", run);
      for (Point point : points.subList(from, Math.min(points.size(), from + 1_000))) {
        batch
            .withArray("metrics")
            .addObject()
            .put("key", key)
            .put("value", Double.toString(point.value()))
            .put("timestamp", point.time())
            .put("step", point.step());
      }
      Answer answer = team.post("runs/log-batch", batch.toString());
      assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }
  }

  /** The value of a filled series at a step, a whole number: both sides compute it exactly. */
  static double filled(long step) {
    return 7919 * step % 10007;
  }

  /** A series with points at the steps 0 to {@code count - 1}, put straight into the database. */
  long fill(String run, String key, int count) {
    log(run, key, List.of(new Point(0, 0, 0)));
    long series = id(run, key);
    jdbc.update(
        "INSERT INTO metric_points (series_id, step, \"timestamp\", value)"
            + " SELECT ?, i, 10 * i, 7919 * i % 10007 FROM generate_series(1, ?::bigint) i",
        series, count - 1);
    jdbc.update("UPDATE metric_series SET dirty_from_step = 0 WHERE id = ?", series);
    return series;
  }

  long id(String run, String key) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "SELECT s.id FROM metric_series s JOIN runs r ON r.uid = s.run_uid"
                + " WHERE r.run_id = ? AND s.key = ?",
            Long.class,
            run,
            key));
  }

  /** Summarises what is due, as the thread of the service would. */
  void summariseAll() {
    Due due = summaries.settle(Long.MIN_VALUE);
    while (due.last() != null) {
      for (long series : due.remaining()) {
        boolean more = true;
        while (more) {
          more = summaries.summarise(series);
        }
      }
      due = summaries.settle(due.last());
    }
  }

  boolean isCurrent(long series) {
    return jdbc.queryForList(
                "SELECT 1 FROM metric_series WHERE id = ? AND dirty_from_step IS NULL", series)
            .size()
        == 1;
  }

  List<Placed> stored(long series) {
    return jdbc.query(
        "SELECT b.level, b.ordinal, "
            + BucketTable.COLUMNS
            + " FROM metric_buckets b WHERE b.series_id = ? ORDER BY b.level, b.ordinal",
        (row, number) -> new Placed(row.getInt(1), row.getInt(2), BucketTable.bucket(row, 3)),
        series);
  }

  private static final class Holder {
    static final RegistryServer SERVER = RegistryServer.start("--unmask.registry.series.pause=1h");
  }
}
