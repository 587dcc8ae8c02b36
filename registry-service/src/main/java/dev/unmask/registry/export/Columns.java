package dev.unmask.registry.export;

import dev.unmask.registry.api.ExportsApi.ExportedPoint;
import dev.unmask.registry.api.RunsApi.MetricValue;
import dev.unmask.registry.api.RunsApi.RunView;
import dev.unmask.registry.export.Column.Type;
import dev.unmask.registry.run.RunFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The columns of both kinds of tables. */
final class Columns {
  static final List<Column<ExportedPoint>> OF_POINTS =
      List.of(
          new Column<>("run", Type.TEXT, ExportedPoint::run),
          new Column<>("key", Type.TEXT, ExportedPoint::key),
          new Column<>("step", Type.INTEGER, ExportedPoint::step),
          new Column<>("timestamp", Type.TIME, ExportedPoint::timestamp),
          new Column<>("value", Type.NUMBER, ExportedPoint::value));

  private Columns() {}

  /**
   * @param fields with the keys of each kind named
   */
  static List<Column<RunView>> ofRuns(RunFields fields) {
    List<Column<RunView>> columns =
        new ArrayList<>(
            List.of(
                new Column<>("id", Type.TEXT, RunView::id),
                new Column<>("experiment", Type.INTEGER, RunView::experiment),
                new Column<>("name", Type.TEXT, RunView::name),
                new Column<>("user", Type.TEXT, RunView::user),
                new Column<>("status", Type.TEXT, RunView::status),
                new Column<>("startTime", Type.TIME, RunView::startTime),
                new Column<>("endTime", Type.TIME, RunView::endTime),
                new Column<>("active", Type.FLAG, RunView::active)));
    for (String key : Objects.requireNonNull(fields.params())) {
      columns.add(new Column<>("params." + key, Type.TEXT, run -> run.params().get(key)));
    }
    for (String key : Objects.requireNonNull(fields.tags())) {
      columns.add(new Column<>("tags." + key, Type.TEXT, run -> run.tags().get(key)));
    }
    for (String key : Objects.requireNonNull(fields.metrics())) {
      columns.add(
          new Column<>(
              "metrics." + key,
              Type.NUMBER,
              run -> {
                MetricValue latest = run.metrics().get(key);
                return latest == null ? null : latest.value();
              }));
    }
    return columns;
  }
}
