package dev.unmask.registry.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.testing.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Summaries are made in the background, by one at a time, and beside writers. */
class SummariserIT {
  private final SeriesFixture series = new SeriesFixture();

  @Test
  void letsTwoSummarisersAndAWriterWorkAtOnce() throws Exception {
    String run = series.newRun();
    long filled = series.fill(run, "filled", 100_000);
    AtomicBoolean writing = new AtomicBoolean(true);
    List<Future<?>> work = new ArrayList<>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2; i++) {
        work.add(
            pool.submit(
                () -> {
                  while (writing.get()) {
                    series.summariseAll();
                  }
                }));
      }
      for (int batch = 0; batch < 30; batch++) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          int at = batch * 100 + i;
          points.add(new Point(i % 10 == 0 ? at / 2 : at, at, at));
        }
        series.log(run, "written", points);
      }
      writing.set(false);
    }
    for (Future<?> each : work) {
      each.get();
    }
    series.summariseAll();

    for (long id : new long[] {filled, series.id(run, "written")}) {
      assertThat(series.isCurrent(id)).isTrue();
      List<Point> points =
          series.jdbc.query(
              "SELECT step, \"timestamp\", value FROM metric_points WHERE series_id = ?"
                  + " ORDER BY step, \"timestamp\", value",
              (row, number) -> new Point(row.getLong(1), row.getLong(2), row.getDouble(3)),
              id);
      for (BucketTable.Placed placed : series.stored(id)) {
        int size = Level.below(placed.level(), Level.BASE);
        int from = placed.ordinal() * size;
        assertThat(placed.bucket())
            .isEqualTo(Naive.bucket(points.subList(from, Math.min(points.size(), from + size))));
      }
      assertThat(series.stored(id))
          .filteredOn(placed -> placed.level() == 0)
          .hasSize((points.size() + Level.BASE - 1) / Level.BASE);
    }
  }

  @Test
  void leavesASeriesToTheReplicaThatWorksOnIt() throws Exception {
    long id = series.fill(series.newRun(), "m", 1_000);
    try (Connection other = SeriesFixture.registry().bean(DataSource.class).getConnection()) {
      other.setAutoCommit(false);
      try (PreparedStatement claim =
          other.prepareStatement(
              "SELECT pg_try_advisory_xact_lock(hashtextextended('metric_buckets', ?))")) {
        claim.setLong(1, id);
        claim.execute();
      }

      assertThat(series.summaries.summarise(id)).isFalse();
      assertThat(series.stored(id)).isEmpty();
      assertThat(series.isCurrent(id)).isFalse();
      other.rollback();
    }

    assertThat(series.summaries.summarise(id)).isFalse();
    assertThat(series.isCurrent(id)).isTrue();
    assertThat(series.stored(id)).isNotEmpty();
  }

  @Test
  void keepsNoBucketsOfAShortSeries() {
    String run = series.newRun();
    long id = series.fill(run, "m", SummaryService.SHORT - 1);
    series.summariseAll();
    assertThat(series.isCurrent(id)).isTrue();
    assertThat(series.stored(id)).isEmpty();

    series.log(run, "m", List.of(new Point(1_000, 1, 1)));
    series.summariseAll();

    assertThat(series.isCurrent(id)).isTrue();
    assertThat(series.stored(id)).filteredOn(placed -> placed.level() == 0).hasSize(4);
  }

  @Test
  void removesTheBucketsOfASeriesWithIt() {
    long id = series.fill(series.newRun(), "m", 1_000);
    series.summariseAll();

    series.jdbc.update("DELETE FROM metric_series WHERE id = ?", id);

    assertThat(series.stored(id)).isEmpty();
  }

  @Test
  void summarisesByItselfWhatIsLogged() {
    try (RegistryServer registry = RegistryServer.start("--unmask.registry.series.pause=10ms")) {
      Client team = registry.team("t");
      String run = team.post("runs/create", "{}").json().at("/run/info/run_id").stringValue();
      StringBuilder metrics = new StringBuilder();
      for (int i = 0; i < 1_000; i++) {
        metrics
            .append(i == 0 ? "" : ",")
            .append("{\"key\": \"m\", \"value\": 1, \"timestamp\": 1, \"step\": " + i + "}");
      }
      team.post(
          "runs/log-batch", "{\"run_id\": \"%s\", \"metrics\": [%s]}".formatted(run, metrics));

      JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);
      Await.until(
          "a summary of 16 buckets",
          Duration.ofSeconds(30),
          () ->
              jdbc.queryForList("SELECT 1 FROM metric_buckets WHERE level = 0").size() == 16
                  && jdbc
                      .queryForList("SELECT dirty_from_step FROM metric_series", Long.class)
                      .stream()
                      .allMatch(java.util.Objects::isNull));
    }
  }
}
