package dev.unmask.registry.sample;

import dev.unmask.registry.api.SamplesApi.Sample;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.stereotype.Component;

/** Rows of text samples; the caller owns the transaction. */
@Component
class SampleTable {
  /** A page ends with the sample that reaches this, so that no answer fills the memory. */
  private static final long CHARACTERS_OF_A_PAGE = 2_000_000;

  /** Rows that the driver holds at once. */
  private static final int FETCHED = 20;

  private static final String GIVEN =
      " unnest(?::bigint[], ?::text[], ?::integer[], ?::text[], ?::text[])"
          + " AS g (step, name, number, prompt, text)";

  private final JdbcTemplate jdbc;

  SampleTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param complete whether nothing follows
   */
  record Page(List<Sample> samples, boolean complete) {}

  /**
   * @param now milliseconds since the epoch, for samples without a time
   * @return how many were absent
   */
  int addAbsent(long runUid, List<Sample> samples, long now) {
    return jdbc.update(
        "INSERT INTO text_samples (run_uid, step, name, number, prompt, text, \"timestamp\")"
            + " SELECT ?, g.* FROM unnest(?::bigint[], ?::text[], ?::integer[], ?::text[],"
            + " ?::text[], ?::bigint[]) AS g ON CONFLICT DO NOTHING",
        runUid,
        longs(samples, Sample::step),
        texts(samples, Sample::name),
        indices(samples),
        texts(samples, Sample::prompt),
        texts(samples, Sample::text),
        longs(samples, sample -> time(sample, now)));
  }

  /** The first of the samples whose key is that of another text or prompt. */
  Optional<SampleKey> anyOther(long runUid, List<Sample> samples) {
    return jdbc
        .query(
            "SELECT s.step, s.name, s.number FROM text_samples s JOIN"
                + GIVEN
                + " USING (step, name, number) WHERE s.run_uid = ? AND (s.text <> g.text"
                + " OR s.prompt IS DISTINCT FROM g.prompt) ORDER BY 1, 2, 3 LIMIT 1",
            (row, number) -> new SampleKey(row.getLong(1), row.getString(2), row.getInt(3)),
            longs(samples, Sample::step),
            texts(samples, Sample::name),
            indices(samples),
            texts(samples, Sample::prompt),
            texts(samples, Sample::text),
            runUid)
        .stream()
        .findFirst();
  }

  Page read(long runUid, SampleQuery wanted, @Nullable SampleKey after) {
    List<Object> parameters = new ArrayList<>(List.of(runUid, wanted.from(), wanted.to()));
    String sql =
        "SELECT step, name, number, prompt, text, \"timestamp\" FROM text_samples"
            + " WHERE run_uid = ? AND step BETWEEN ? AND ?";
    String name = wanted.name();
    if (name != null) {
      sql += " AND name = ?";
      parameters.add(name);
    }
    if (after != null) {
      sql += " AND (step, name, number) > (?, ?, ?)";
      parameters.addAll(List.of(after.step(), after.name(), after.index()));
    }
    parameters.add(wanted.size() + 1);
    String query = sql + " ORDER BY step, name, number LIMIT ?";
    ResultSetExtractor<Page> reading = rows -> page(rows, wanted.size());
    Page page =
        jdbc.query(
            connection -> {
              var statement = connection.prepareStatement(query);
              statement.setFetchSize(FETCHED);
              for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
              }
              return statement;
            },
            reading);
    return page == null ? new Page(List.of(), true) : page;
  }

  private static Page page(ResultSet rows, int size) throws SQLException {
    List<Sample> samples = new ArrayList<>();
    long characters = 0;
    while (rows.next()) {
      if (samples.size() == size || characters >= CHARACTERS_OF_A_PAGE) {
        return new Page(samples, false);
      }
      Sample sample = sample(rows);
      String prompt = sample.prompt();
      characters += sample.text().length() + (prompt == null ? 0 : prompt.length());
      samples.add(sample);
    }
    return new Page(samples, true);
  }

  private static Sample sample(ResultSet row) throws SQLException {
    return new Sample(
        row.getString(2),
        row.getLong(1),
        row.getInt(3),
        row.getString(4),
        row.getString(5),
        Instant.ofEpochMilli(row.getLong(6)));
  }

  private static long time(Sample sample, long now) {
    Instant given = sample.time();
    return given == null ? now : given.toEpochMilli();
  }

  private static long[] longs(List<Sample> samples, ToLongFunction<Sample> column) {
    return samples.stream().mapToLong(column).toArray();
  }

  private static int[] indices(List<Sample> samples) {
    return samples.stream().mapToInt(Sample::index).toArray();
  }

  private static @Nullable String[] texts(List<Sample> samples, TextOf column) {
    @Nullable String[] texts = new @Nullable String[samples.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = column.of(samples.get(i));
    }
    return texts;
  }

  /** A text of a sample. */
  @FunctionalInterface
  private interface TextOf {
    @Nullable String of(Sample sample);
  }
}
