package dev.unmask.registry.export;

import dev.unmask.registry.admission.FileTransfer;
import dev.unmask.registry.api.ExportsApi;
import dev.unmask.registry.api.ExportsApi.ExportFormat;
import dev.unmask.registry.api.ExportsApi.ExportQuery;
import dev.unmask.registry.api.ExportsApi.ExportedPoint;
import dev.unmask.registry.api.RunsApi.RunQuery;
import dev.unmask.registry.api.RunsApi.RunView;
import dev.unmask.registry.export.PointPages.Piece;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunFields;
import dev.unmask.registry.run.RunSearch;
import dev.unmask.registry.run.RunSearchService;
import dev.unmask.registry.search.RunQueries;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Serves {@link ExportsApi}. The first rows are read before anything is written. */
@RestController
@RequiresRole(Role.VIEWER)
class ExportController {
  private static final int RUNS_A_PAGE = 500;
  private static final int MOST_COLUMNS = 2_000;

  private final RunQueries queries;
  private final RunSearchService runs;
  private final PointPages points;
  private final JsonMapper json;

  ExportController(RunQueries queries, RunSearchService runs, PointPages points, JsonMapper json) {
    this.queries = queries;
    this.runs = runs;
    this.points = points;
    this.json = json;
  }

  /**
   * Runs with their params, tags and latest metrics as a file, one row or line a run. Answers 400
   * for more than 2,000 columns and 404 when the team lacks one of the experiments.
   */
  @FileTransfer
  @PostMapping(ExportsApi.RUNS_PATH)
  void runs(Caller caller, @Valid @RequestBody ExportQuery query, HttpServletResponse response)
      throws IOException {
    String team = caller.teamId();
    RunSearch search = search(caller, query);
    RunFields asked = RunFields.parse(query.fields());
    // Of a table, the columns have to be known before the first row.
    RunFields fields =
        query.format() == ExportFormat.JSON ? asked : runs.named(team, search, asked, MOST_COLUMNS);
    Page<Run> page = runs.find(team, search);
    List<RunView> loaded = load(page, fields);
    Sheet<RunView> sheet =
        query.format() == ExportFormat.JSON
            ? new JsonLines<>(json, body(response, query.format(), "runs"))
            : table(query.format(), Columns.ofRuns(fields), response, "runs");
    while (true) {
      for (RunView run : loaded) {
        sheet.write(run);
      }
      if (page.next() == null) {
        break;
      }
      page = runs.find(team, search.after(page.next()));
      loaded = load(page, fields);
    }
    sheet.finish();
  }

  /**
   * All points of the runs' metrics as a file, one row or line a point. Answers 404 when the team
   * lacks one of the experiments.
   */
  @FileTransfer
  @PostMapping(ExportsApi.POINTS_PATH)
  void points(Caller caller, @Valid @RequestBody ExportQuery query, HttpServletResponse response)
      throws IOException {
    String team = caller.teamId();
    List<String> keys = RunFields.parse(query.fields()).metrics();
    RunSearch search = search(caller, query);
    Page<Run> page = runs.find(team, search);
    Piece piece = points.read(points.start(page.items(), keys));
    Sheet<ExportedPoint> sheet =
        query.format() == ExportFormat.JSON
            ? new JsonLines<>(json, body(response, query.format(), "points"))
            : table(query.format(), Columns.OF_POINTS, response, "points");
    while (true) {
      for (ExportedPoint point : piece.points()) {
        sheet.write(point);
      }
      if (piece.next() != null) {
        piece = points.read(piece.next());
      } else if (page.next() != null) {
        page = runs.find(team, search.after(page.next()));
        piece = points.read(points.start(page.items(), keys));
      } else {
        break;
      }
    }
    sheet.finish();
  }

  private RunSearch search(Caller caller, ExportQuery query) {
    return queries.search(
        caller,
        new RunQuery(
            query.experiments(),
            query.filter(),
            query.order(),
            query.state(),
            query.fields(),
            RUNS_A_PAGE,
            null));
  }

  private List<RunView> load(Page<Run> page, RunFields fields) {
    return runs.load(page.items(), fields).stream().map(RunQueries::view).toList();
  }

  private static <T> Sheet<T> table(
      ExportFormat format, List<Column<T>> columns, HttpServletResponse response, String name)
      throws IOException {
    OutputStream out = body(response, format, name);
    return format == ExportFormat.PARQUET
        ? new ParquetTable<>(columns, out)
        : new CsvTable<>(columns, out);
  }

  private static OutputStream body(HttpServletResponse response, ExportFormat format, String name)
      throws IOException {
    String type =
        switch (format) {
          case CSV -> "text/csv;charset=UTF-8";
          case JSON -> MediaType.APPLICATION_NDJSON_VALUE;
          case PARQUET -> "application/vnd.apache.parquet";
        };
    String ending =
        switch (format) {
          case CSV -> ".csv";
          case JSON -> ".jsonl";
          case PARQUET -> ".parquet";
        };
    response.setContentType(type);
    response.setHeader(
        HttpHeaders.CONTENT_DISPOSITION,
        ContentDisposition.attachment().filename(name + ending).build().toString());
    response.setHeader("X-Content-Type-Options", "nosniff");
    return response.getOutputStream();
  }
}
