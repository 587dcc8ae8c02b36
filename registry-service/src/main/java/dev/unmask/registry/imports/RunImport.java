package dev.unmask.registry.imports;

import dev.unmask.registry.dataset.Dataset;
import dev.unmask.registry.dataset.DatasetInput;
import dev.unmask.registry.dataset.RunLinksService;
import dev.unmask.registry.imports.Step.Kind;
import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.run.RunImportService;
import dev.unmask.registry.run.RunImportService.ImportedRun;
import dev.unmask.registry.run.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Brings the runs of an experiment. A run is noted when all of it is here; one that was begun and
 * not noted is brought again, which changes nothing of what it has.
 */
@Component
class RunImport {
  private static final int RUNS = 100;
  private static final int POINTS = 10_000;

  private final RunImportService runs;
  private final RunLinksService links;
  private final ArtifactImport artifacts;

  RunImport(RunImportService runs, RunLinksService links, ArtifactImport artifacts) {
    this.runs = runs;
    this.links = links;
    this.artifacts = artifacts;
  }

  void bring(Work work, String sourceExperiment, long experiment) {
    Map<String, Object> search =
        Map.of(
            "experiment_ids",
            List.of(sourceExperiment),
            "run_view_type",
            "ACTIVE_ONLY",
            "max_results",
            RUNS,
            "order_by",
            List.of("attributes.start_time ASC"));
    Pages.each(
        token -> work.source().post("runs/search", Pages.body(search, token)),
        "runs",
        page -> bringPage(work, page, experiment));
  }

  private void bringPage(Work work, JsonNode page, long experiment) {
    List<String> ids = new ArrayList<>();
    page.forEach(run -> ids.add(id(run)));
    Set<String> done = work.lookedAt(Kind.RUN, ids);
    for (JsonNode run : page) {
      String id = id(run);
      if (!done.contains(id)) {
        work.attempt(
            Kind.RUN,
            id,
            () -> {
              String target = bring(work, run, experiment);
              work.brought(Kind.RUN, id, target);
            });
      }
    }
  }

  private String bring(Work work, JsonNode run, long experiment) {
    String id = id(run);
    String target = runs.put(work.team(), read(work, run, experiment));
    for (JsonNode metric : run.path("data").path("metrics")) {
      bringHistory(work, id, target, metric.path("key").asString(""));
    }
    List<DatasetInput> inputs = inputs(run.path("inputs").path("dataset_inputs"));
    if (!inputs.isEmpty()) {
      links.logInputs(work.team(), target, inputs, List.of());
    }
    if (work.job().artifacts()) {
      work.attempt(
          Kind.ARTIFACTS,
          id,
          () -> artifacts.bring(work, id, text(run.path("info"), "artifact_uri"), target));
    }
    return target;
  }

  private static ImportedRun read(Work work, JsonNode run, long experiment) {
    JsonNode info = run.path("info");
    JsonNode data = run.path("data");
    SortedMap<String, String> tags = Pages.entries(data.path("tags"));
    String named = text(info, "run_name");
    String name = named.isEmpty() ? tags.getOrDefault("mlflow.runName", "") : named;
    String user = text(info, "user_id");
    return new ImportedRun(
        id(run),
        work.origin(id(run)),
        experiment,
        name.isEmpty() ? id(run) : name,
        user.isEmpty() ? tags.getOrDefault("mlflow.user", "") : user,
        status(text(info, "status")),
        Pages.number(info.path("start_time"), 0),
        endTime(info.path("end_time")),
        Pages.entries(data.path("params")),
        tags);
  }

  private static @Nullable Long endTime(JsonNode value) {
    long end = Pages.number(value, Long.MIN_VALUE);
    return end == Long.MIN_VALUE ? null : end;
  }

  private static RunStatus status(String status) {
    try {
      return RunStatus.valueOf(status);
    } catch (IllegalArgumentException other) {
      throw new SourceFault.NotToBeHad("the run's status '" + status + "' is not known here");
    }
  }

  /** A page of points at a time, so that a million of them are never in memory at once. */
  private void bringHistory(Work work, String id, String target, String key) {
    Map<String, String> query =
        Map.of("run_id", id, "metric_key", key, "max_results", Integer.toString(POINTS));
    Pages.each(
        token -> work.source().get("metrics/get-history", Pages.query(query, token)),
        "metrics",
        page -> {
          work.goOn();
          List<MetricPoint> points = new ArrayList<>();
          for (JsonNode point : page) {
            points.add(
                new MetricPoint(
                    key,
                    Pages.value(point.path("value")),
                    Pages.number(point.path("timestamp"), 0),
                    Pages.number(point.path("step"), 0)));
          }
          runs.addPoints(work.team(), target, points);
        });
  }

  private static List<DatasetInput> inputs(JsonNode list) {
    List<DatasetInput> inputs = new ArrayList<>();
    for (JsonNode input : list) {
      JsonNode dataset = input.path("dataset");
      inputs.add(
          new DatasetInput(
              new Dataset(
                  text(dataset, "name"),
                  text(dataset, "digest"),
                  text(dataset, "source_type"),
                  text(dataset, "source"),
                  orNull(dataset, "schema"),
                  orNull(dataset, "profile")),
              Pages.entries(input.path("tags"))));
    }
    return inputs;
  }

  private static @Nullable String orNull(JsonNode object, String field) {
    String text = text(object, field);
    return text.isEmpty() ? null : text;
  }

  private static String id(JsonNode run) {
    return text(run.path("info"), "run_id");
  }

  private static String text(JsonNode object, String field) {
    return object.path(field).asString("");
  }
}
