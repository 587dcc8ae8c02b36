package dev.unmask.registry.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exports by HTTP, read back by the formats' own readers. */
class ExportIT {
  private static final String RUNS = "/api/v1/registry/runs/export";
  private static final String POINTS = RUNS + "/points";

  private final RegistryServer registry = RegistryServer.shared();
  private final String team = "export-" + UUID.randomUUID();
  private final Client client = registry.team(team);
  private String experiment = "";

  @BeforeEach
  void createExperiment() {
    experiment =
        ok(client.post("experiments/create", "{\"name\": \"e\"}"))
            .json()
            .get("experiment_id")
            .stringValue();
  }

  @Test
  void writesRunsAsCsvWithAColumnForEachKey() throws IOException {
    String second = run(2, "{'lr': '-0.5', 'formula': '=1+1', 'text': 'a \\\"b\\\", c\\nd'}", "");
    String first = run(1, "{'lr': '0.1'}", "{'loss': '0.25', 'nan': 'NaN'}");

    Answer answer = export(RUNS, "csv", "");
    List<CSVRecord> rows = csv(answer);

    assertThat(answer.response().headers().firstValue("Content-Type"))
        .contains("text/csv;charset=UTF-8");
    assertThat(answer.response().headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"runs.csv\"");
    assertThat(answer.text().lines().findFirst().orElseThrow())
        .startsWith(
            "\"id\",\"experiment\",\"name\",\"user\",\"status\",\"startTime\",\"endTime\",\"active\","
                + "\"params.formula\",\"params.lr\",\"params.text\",")
        .endsWith(",\"metrics.loss\",\"metrics.nan\"");
    assertThat(rows).extracting(row -> row.get("id")).containsExactly(second, first);
    CSVRecord newest = rows.getFirst();
    assertThat(newest.get("params.lr")).isEqualTo("-0.5");
    assertThat(newest.get("params.formula")).isEqualTo("'=1+1");
    assertThat(newest.get("params.text")).isEqualTo("a \"b\", c\nd");
    assertThat(newest.get("metrics.loss")).isEmpty();
    assertThat(newest.get("startTime")).isEqualTo("2");
    assertThat(rows.getLast().get("metrics.loss")).isEqualTo("0.25");
    assertThat(rows.getLast().get("metrics.nan")).isEqualTo("NaN");
    assertThat(rows.getLast().get("params.formula")).isEmpty();
    assertThat(answer.text()).contains(",0.25,NaN");
  }

  @Test
  void writesRunsAsParquet() throws IOException {
    String second = run(2, "{'lr': '0.1', 'a.b c': 'ü'}", "{'loss': '-0.5', 'inf': 'Infinity'}");
    String first = run(1, "{}", "{'loss': '0.25'}");

    Answer answer = ok(export(RUNS, "parquet", ""));

    assertThat(answer.response().headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"runs.parquet\"");
    List<String> read = new ArrayList<>();
    try (ParquetFileReader file = open(answer);
        RowReader rows = file.rowReader()) {
      while (rows.hasNext()) {
        rows.next();
        read.add(
            rows.getString("id")
                + " "
                + rows.getLong("experiment")
                + " "
                + rows.getTimestamp("startTime")
                + " "
                + rows.isNull("endTime")
                + " "
                + rows.getBoolean("active")
                + " "
                + (rows.isNull("params.a.b c") ? "none" : rows.getString("params.a.b c"))
                + " "
                + rows.getDouble("metrics.loss")
                + " "
                + (rows.isNull("metrics.inf") ? "none" : rows.getDouble("metrics.inf")));
      }
    }
    assertThat(read)
        .containsExactly(
            second
                + " "
                + experiment
                + " "
                + Instant.ofEpochMilli(2)
                + " true true ü -0.5 Infinity",
            first + " " + experiment + " " + Instant.ofEpochMilli(1) + " true true none 0.25 none");
  }

  @Test
  void writesRunsAsJsonLines() {
    String second = run(2, "{'lr': '0.1'}", "{'loss': 'NaN'}");
    run(1, "{}", "{}");

    Answer answer = export(RUNS, "json", ", 'fields': ['params', 'metrics.loss']");
    List<JsonNode> lines = lines(answer);

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst().get("id").stringValue()).isEqualTo(second);
    assertThat(lines.getFirst().at("/params/lr").stringValue()).isEqualTo("0.1");
    assertThat(lines.getFirst().at("/metrics/loss/value").stringValue()).isEqualTo("NaN");
    assertThat(lines.getFirst().get("tags").isEmpty()).isTrue();
  }

  @Test
  void goesThroughAllPagesOfAFilterAndAnOrder() throws IOException {
    manyRuns(1_234);

    List<CSVRecord> rows =
        csv(
            export(
                RUNS,
                "csv",
                ", 'filter': 'params.n != \\'7\\'', 'order': ['metrics.loss'], 'fields': ['params']"));

    assertThat(rows).hasSize(1_233);
    assertThat(rows)
        .extracting(row -> Integer.parseInt(row.get("params.n")))
        .startsWith(0, 1, 2, 3, 4, 5, 6, 8)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void writesEveryPointOfManyRuns() throws IOException {
    manyRuns(600);
    String last = run(10_000, "{}", "{}");
    registry
        .bean(JdbcTemplate.class)
        .update(
            "WITH s AS (INSERT INTO registry.metric_series (run_uid, experiment_uid, key,"
                + " latest_step, latest_timestamp, latest_value) SELECT r.uid, e.uid, 'long', 24999,"
                + " 1, 1 FROM registry.runs r JOIN registry.experiments e ON e.team_id = r.team_id"
                + " AND e.number = r.experiment_number WHERE r.run_id = ? RETURNING id)"
                + " INSERT INTO registry.metric_points (series_id, step, \"timestamp\", value)"
                + " SELECT s.id, n, 1, n / 2.0 FROM s, generate_series(0, 24999) n",
            last);

    Answer parquet = ok(export(POINTS, "parquet", ""));
    List<CSVRecord> csv = csv(export(POINTS, "csv", ", 'fields': ['metrics.loss']"));

    long sum = 0;
    int points = 0;
    int longPoints = 0;
    try (ParquetFileReader file = open(parquet);
        RowReader rows = file.rowReader()) {
      while (rows.hasNext()) {
        rows.next();
        points++;
        if ("long".equals(rows.getString("key"))) {
          assertThat(rows.getString("run")).isEqualTo(last);
          assertThat(rows.getLong("step")).isEqualTo(longPoints++);
          assertThat(rows.getDouble("value")).isEqualTo(rows.getLong("step") / 2.0);
        } else {
          sum += (long) rows.getDouble("value");
        }
      }
    }
    assertThat(points).isEqualTo(25_600);
    assertThat(longPoints).isEqualTo(25_000);
    assertThat(sum).isEqualTo(599L * 600 / 2);
    assertThat(csv).hasSize(600).allSatisfy(row -> assertThat(row.get("key")).isEqualTo("loss"));
  }

  @Test
  void refusesMoreColumnsThanATableHasAndNamesTheRemedy() {
    String run = run(1, "{}", "{}");
    registry
        .bean(JdbcTemplate.class)
        .update(
            "INSERT INTO registry.run_params (run_uid, key, value) SELECT uid, 'k' || n, 'v'"
                + " FROM registry.runs, generate_series(1, 2001) n WHERE run_id = ?",
            run);

    Answer refused = export(RUNS, "csv", "");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("2000", "fields", "params.lr");
    assertThat(export(RUNS, "csv", ", 'fields': ['params.k1']").status()).isEqualTo(200);
    assertThat(lines(export(RUNS, "json", "")).getFirst().get("params").size()).isEqualTo(2_001);
  }

  @Test
  void writesAHeaderWhereThereAreNoRuns() throws IOException {
    assertThat(csv(export(RUNS, "csv", ""))).isEmpty();
    assertThat(lines(export(POINTS, "json", ""))).isEmpty();
    try (ParquetFileReader file = open(ok(export(POINTS, "parquet", "")))) {
      assertThat(file.getFileMetaData().numRows()).isZero();
    }
  }

  @Test
  void namesTheFieldOfABadRequest() {
    assertThat(export(RUNS, "xlsx", "").text()).contains("format");
    assertThat(export(RUNS, "csv", ", 'filter': 'nope'").status()).isEqualTo(400);
    Client stranger = registry.team("stranger-" + UUID.randomUUID());
    assertThat(stranger.send("POST", RUNS, body("csv", "")).status()).isEqualTo(404);
    assertThat(stranger.send("POST", POINTS, body("json", "")).status()).isEqualTo(404);
  }

  private Answer export(String path, String format, String more) {
    return client.send("POST", path, body(format, more));
  }

  private String body(String format, String more) {
    return ("{'format': '" + format + "', 'experiments': [" + experiment + "]").replace('\'', '"')
        + more.replace("\\'", "\u0000").replace('\'', '"').replace('\u0000', '\'')
        + "}";
  }

  /** Entries are JSON objects with single quotes. */
  private String run(long start, String params, String metrics) {
    String id =
        ok(client.post(
                "runs/create",
                "{\"experiment_id\": \"" + experiment + "\", \"start_time\": " + start + "}"))
            .json()
            .at("/run/info/run_id")
            .stringValue();
    StringBuilder batch = new StringBuilder("{\"run_id\": \"" + id + "\", \"params\": [");
    batch.append(entries(params, "{\"key\": %s, \"value\": %s}")).append("], \"metrics\": [");
    batch.append(entries(metrics, "{\"key\": %s, \"value\": %s, \"timestamp\": 9, \"step\": 3}"));
    ok(client.post("runs/log-batch", batch.append("]}").toString()));
    return id;
  }

  private static String entries(String object, String entry) {
    if (object.isEmpty()) {
      return "";
    }
    List<String> entries = new ArrayList<>();
    JsonMapper.shared()
        .readTree(object.replace('\'', '"'))
        .propertyStream()
        .forEach(
            property ->
                entries.add(
                    entry.formatted(
                        JsonMapper.shared().writeValueAsString(property.getKey()),
                        JsonMapper.shared().writeValueAsString(property.getValue()))));
    return String.join(", ", entries);
  }

  /** Runs with the param n and the metric loss, both their number. */
  private void manyRuns(int count) {
    registry
        .bean(JdbcTemplate.class)
        .update(
            "WITH e AS (SELECT * FROM registry.experiments WHERE team_id = ? AND number = ?),"
                + " r AS (INSERT INTO registry.runs (run_id, team_id, experiment_number, name,"
                + " user_id, status, start_time, lifecycle) SELECT md5(team_id || n), team_id,"
                + " number, 'r', 'u', 'FINISHED', n, 'active' FROM e, generate_series(0, ? - 1) n"
                + " RETURNING uid, start_time), p AS (INSERT INTO registry.run_params SELECT uid,"
                + " 'n', start_time::text FROM r), s AS (INSERT INTO registry.metric_series"
                + " (run_uid, experiment_uid, key, latest_step, latest_timestamp, latest_value)"
                + " SELECT r.uid, e.uid, 'loss', 0, 1, start_time FROM r, e RETURNING id,"
                + " latest_value) INSERT INTO registry.metric_points (series_id, step,"
                + " \"timestamp\", value) SELECT id, 0, 1, latest_value FROM s",
            team,
            Long.parseLong(experiment),
            count);
  }

  private static List<CSVRecord> csv(Answer answer) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    return format
        .parse(
            new InputStreamReader(
                new ByteArrayInputStream(ok(answer).response().body()), StandardCharsets.UTF_8))
        .getRecords();
  }

  private static List<JsonNode> lines(Answer answer) {
    return ok(answer).text().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
  }

  private static ParquetFileReader open(Answer answer) throws IOException {
    return ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(answer.response().body())));
  }

  private static Answer ok(Answer answer) {
    assertThat(answer.status()).as(answer::toString).isEqualTo(200);
    return answer;
  }
}
