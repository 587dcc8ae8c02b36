package dev.unmask.registry.dataset;

import dev.unmask.registry.dataset.RunLinks.ModelOutput;
import dev.unmask.registry.experiment.PurgedExperiment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Rows that tie runs to data sets and logged models; the caller owns the transaction. */
@Component
class RunLinksTable {
  private final JdbcTemplate jdbc;

  RunLinksTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Data sets that the experiment has under their name and digest already stay as they are. */
  void addDatasets(long experimentUid, long runUid, Collection<DatasetInput> inputs) {
    SortedMap<Key, DatasetInput> unique = new TreeMap<>(Key.ORDER);
    inputs.forEach(input -> unique.merge(Key.of(input), input, DatasetInput::and));
    String[] names = unique.keySet().stream().map(Key::name).toArray(String[]::new);
    String[] digests = unique.keySet().stream().map(Key::digest).toArray(String[]::new);
    jdbc.update(
        "INSERT INTO datasets (experiment_uid, name, digest, source_type, source, schema, profile)"
            + " SELECT ?, * FROM unnest(?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (experiment_uid, name, digest) DO NOTHING",
        experimentUid,
        names,
        digests,
        parts(unique, Dataset::sourceType),
        parts(unique, Dataset::source),
        parts(unique, Dataset::schema),
        parts(unique, Dataset::profile));
    jdbc.update(
        "INSERT INTO run_inputs (run_uid, dataset_uid)"
            + " SELECT ?, d.uid FROM unnest(?, ?) AS t (name, digest) JOIN datasets d"
            + " ON d.experiment_uid = ? AND d.name = t.name AND d.digest = t.digest"
            + " ON CONFLICT DO NOTHING",
        runUid,
        names,
        digests,
        experimentUid);
    putTags(experimentUid, runUid, unique);
  }

  private void putTags(long experimentUid, long runUid, SortedMap<Key, DatasetInput> inputs) {
    List<String[]> rows = new ArrayList<>();
    inputs.forEach(
        (of, input) ->
            input
                .tags()
                .forEach((key, value) -> rows.add(new String[] {of.name, of.digest, key, value})));
    jdbc.update(
        "INSERT INTO run_input_tags (run_uid, dataset_uid, key, value)"
            + " SELECT ?, d.uid, t.key, t.value FROM unnest(?, ?, ?, ?)"
            + " AS t (name, digest, key, value) JOIN datasets d"
            + " ON d.experiment_uid = ? AND d.name = t.name AND d.digest = t.digest"
            + " ON CONFLICT (run_uid, dataset_uid, key) DO UPDATE SET value = excluded.value",
        runUid,
        column(rows, 0),
        column(rows, 1),
        column(rows, 2),
        column(rows, 3),
        experimentUid);
  }

  private static String[] column(List<String[]> rows, int index) {
    return rows.stream().map(row -> row[index]).toArray(String[]::new);
  }

  private static @Nullable String[] parts(
      SortedMap<Key, DatasetInput> inputs, Function<Dataset, @Nullable String> part) {
    @Nullable String[] parts = new @Nullable String[inputs.size()];
    int next = 0;
    for (DatasetInput input : inputs.values()) {
      parts[next++] = part.apply(input.dataset());
    }
    return parts;
  }

  void addModelInputs(long runUid, Collection<Long> modelUids) {
    if (!modelUids.isEmpty()) {
      jdbc.update(
          "INSERT INTO run_model_inputs (run_uid, model_uid)"
              + " SELECT ?, uid FROM unnest(?) AS t (uid) ON CONFLICT DO NOTHING",
          runUid,
          modelUids.toArray(Long[]::new));
    }
  }

  void putOutput(long runUid, long modelUid, long step) {
    jdbc.update(
        "INSERT INTO run_outputs (run_uid, model_uid, step) VALUES (?, ?, ?)"
            + " ON CONFLICT (run_uid, model_uid) DO UPDATE SET step = excluded.step",
        runUid,
        modelUid,
        step);
  }

  /** By run uid; runs without links are absent. */
  Map<Long, RunLinks> of(Collection<Long> runUids) {
    Long[] uids = runUids.toArray(Long[]::new);
    Map<Long, RunLinks> links = new HashMap<>();
    readDatasets(uids, links);
    jdbc.query(
        "SELECT i.run_uid, m.model_id FROM run_model_inputs i"
            + " JOIN logged_models m ON m.uid = i.model_uid"
            + " WHERE i.run_uid = ANY (?) AND "
            + PurgedExperiment.isNotThatOf("m")
            + " ORDER BY i.model_uid",
        row -> {
          of(links, row.getLong(1)).modelInputs().add(row.getString(2));
        },
        (Object) uids);
    jdbc.query(
        "SELECT o.run_uid, m.model_id, o.step FROM run_outputs o"
            + " JOIN logged_models m ON m.uid = o.model_uid"
            + " WHERE o.run_uid = ANY (?) AND "
            + PurgedExperiment.isNotThatOf("m")
            + " ORDER BY o.step, o.model_uid",
        row -> {
          of(links, row.getLong(1))
              .outputs()
              .add(new ModelOutput(row.getString(2), row.getLong(3)));
        },
        (Object) uids);
    return links;
  }

  private void readDatasets(Long[] runUids, Map<Long, RunLinks> links) {
    Map<Input, SortedMap<String, String>> tags = new HashMap<>();
    jdbc.query(
        "SELECT run_uid, dataset_uid, key, value FROM run_input_tags WHERE run_uid = ANY (?)",
        row -> {
          tags.computeIfAbsent(new Input(row.getLong(1), row.getLong(2)), input -> new TreeMap<>())
              .put(row.getString(3), row.getString(4));
        },
        (Object) runUids);
    jdbc.query(
        "SELECT i.run_uid, d.uid, d.name, d.digest, d.source_type, d.source, d.schema, d.profile"
            + " FROM run_inputs i JOIN datasets d ON d.uid = i.dataset_uid"
            + " WHERE i.run_uid = ANY (?) ORDER BY i.dataset_uid",
        row -> {
          Input input = new Input(row.getLong(1), row.getLong(2));
          Dataset dataset =
              new Dataset(
                  row.getString(3),
                  row.getString(4),
                  row.getString(5),
                  row.getString(6),
                  row.getString(7),
                  row.getString(8));
          of(links, input.runUid())
              .datasets()
              .add(new DatasetInput(dataset, tags.getOrDefault(input, new TreeMap<>())));
        },
        (Object) runUids);
  }

  private static RunLinks of(Map<Long, RunLinks> links, long runUid) {
    return links.computeIfAbsent(
        runUid, uid -> new RunLinks(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
  }

  private record Input(long runUid, long datasetUid) {}

  /** What a data set is known by within its experiment. */
  private record Key(String name, String digest) {
    /** In one order, two runs that name the same data sets wait for each other, not crosswise. */
    static final Comparator<Key> ORDER = Comparator.comparing(Key::name).thenComparing(Key::digest);

    static Key of(DatasetInput input) {
      return new Key(input.dataset().name(), input.dataset().digest());
    }
  }
}
