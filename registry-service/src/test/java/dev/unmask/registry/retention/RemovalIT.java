package dev.unmask.registry.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * No table of the schema is forgotten when runs and experiments go, or when blobs are collected.
 */
class RemovalIT {
  /** Tables that name runs or experiments in some way and keep their rows, and why they may. */
  private static final Map<String, String> KEPT =
      Map.of(
          "model_versions", "a version outlives the run and the logged model that it was made of",
          "imports", "names experiments of the server that was imported",
          "purges", "tells what was purged",
          "purge_runs", "the queue itself, emptied by PurgeQueue");

  /** Tables that refer to runs or experiments, by way of others too, or have a column for them. */
  private static final String REFERRING =
      """
      WITH RECURSIVE refers (id) AS (
        SELECT unnest(ARRAY['runs'::regclass, 'experiments'::regclass])
        UNION SELECT c.conrelid::regclass FROM pg_constraint c JOIN refers r ON r.id = c.confrelid
        WHERE c.contype = 'f')
      SELECT relname FROM pg_class WHERE oid IN (SELECT id FROM refers)
      UNION SELECT table_name FROM information_schema.columns WHERE table_schema = 'registry'
        AND column_name ~ '(^|_)(runs?|experiments?|series|dataset)(_|$)'
      ORDER BY 1""";

  private static final String NAMING_BLOBS =
      """
      SELECT table_name FROM information_schema.columns WHERE table_schema = 'registry'
        AND data_type = 'text' AND column_name ~ '(sha256|blob)' ORDER BY 1""";

  @TempDir private Path folder;
  private TestDatabase database;
  private RegistryServer registry;
  private LoggedRuns logged;
  private JdbcTemplate jdbc;

  @BeforeEach
  void start() {
    database = PostgresExtension.freshDatabase();
    registry =
        RegistryServer.start(
            database,
            folder,
            "--unmask.registry.retention.enabled=false",
            "--unmask.registry.runs.beat-every=20ms",
            "--unmask.registry.series.pause=20ms");
    logged = new LoggedRuns(registry);
    jdbc = registry.bean(JdbcTemplate.class);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void hasAStatementForEveryTableThatRefersToRunsOrExperiments() {
    List<String> statements =
        Stream.of(
                Removal.BY_RUN,
                Removal.BY_RUN_ID,
                Removal.BY_LOGGED_MODEL,
                Removal.BY_EXPERIMENT,
                Stream.concat(
                        Removal.SUMMARIES.stream(), Stream.of(Removal.POINTS, Removal.MODEL_POINTS))
                    .map(table -> "DELETE FROM " + table + " ")
                    .toList())
            .flatMap(List::stream)
            .toList();

    assertThat(tables(REFERRING)).contains("runs", "metric_points", "alerts", "experiment_tags");
    assertThat(tables(REFERRING))
        .filteredOn(table -> !KEPT.containsKey(table))
        .as("tables to be added to Removal, or to KEPT here with the reason why their rows stay")
        .allSatisfy(
            table ->
                assertThat(statements)
                    .anyMatch(statement -> statement.startsWith("DELETE FROM " + table + " ")));
  }

  @Test
  void looksForNamesOfBlobsInEveryTableThatHasSome() {
    assertThat(tables(NAMING_BLOBS)).contains("artifacts");
    assertThat(tables(NAMING_BLOBS))
        .filteredOn(table -> !table.equals("unnamed_blobs"))
        .as("tables to be added to BlobNames, each with triggers as V015 has them")
        .allSatisfy(table -> assertThat(BlobNames.NAMED).contains(" FROM " + table + " "));
  }

  @Test
  void leavesNoRowOfAPurgedExperiment() {
    FilledExperiment filled = new FilledExperiment(logged, jdbc);
    filled.fill();
    assertThat(goingTables())
        .as("tables that FilledExperiment fills")
        .allSatisfy(table -> assertThat(rows(table)).as(table).isPositive());

    logged.purgeExperiment(filled.experiment());
    work();

    assertThat(goingTables()).allSatisfy(table -> assertThat(rows(table)).as(table).isZero());
  }

  @Test
  void leavesLoggedModelsAndDataSetsOfRunsThatArePurgedAlone() {
    FilledExperiment filled = new FilledExperiment(logged, jdbc);
    filled.fill();

    logged.purgeRuns("{\"experiments\": [" + filled.experiment() + "]}");
    work();

    assertThat(rows("logged_models")).isEqualTo(1);
    assertThat(rows("logged_model_params")).isEqualTo(1);
    assertThat(rows("logged_model_tags")).isEqualTo(1);
    assertThat(rows("datasets")).isEqualTo(1);
    assertThat(logged.count("SELECT count(*) FROM artifacts WHERE model_uid IS NOT NULL"))
        .isEqualTo(1);
    for (String table :
        List.of(
            "runs",
            "run_params",
            "run_tags",
            "run_inputs",
            "run_input_tags",
            "run_model_inputs",
            "run_outputs",
            "run_beats",
            "run_comments",
            "metric_series",
            "metric_points",
            "metric_buckets",
            "logged_model_metrics",
            "share_runs",
            "alerts")) {
      assertThat(rows(table)).as(table).isZero();
    }
  }

  private void work() {
    PurgeWork work = registry.bean(PurgeWork.class);
    while (work.step()) {
      // to the end
    }
    assertThat(logged.count("SELECT count(*) FROM purges WHERE state <> 'done'")).isZero();
  }

  private List<String> goingTables() {
    return tables(REFERRING).stream().filter(table -> !KEPT.containsKey(table)).toList();
  }

  private List<String> tables(String sql) {
    return jdbc.query(sql, (row, number) -> row.getString(1));
  }

  /** The experiment Default is no row of the purged one. */
  private long rows(String table) {
    String others = table.equals("experiments") ? " WHERE number <> 0" : "";
    return logged.count("SELECT count(*) FROM " + table + others);
  }
}
