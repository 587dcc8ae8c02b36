package dev.unmask.training.tracking;

import dev.unmask.registry.api.HistogramsApi.Histogram;
import dev.unmask.registry.api.MlflowTrackingApi.KeyValue;
import dev.unmask.registry.api.MlflowTrackingApi.Metric;
import dev.unmask.registry.api.SamplesApi.Sample;
import dev.unmask.training.job.TrainingJob;
import dev.unmask.training.job.TrainingJobRepository;
import dev.unmask.training.origin.ProcessOrigin;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What training says about its run. Everything goes through the buffer, so nothing here waits. */
@Service
public class RunTrackingService {
  /** Run states of MLflow. */
  public enum RunState {
    RUNNING,
    FINISHED,
    FAILED,
    KILLED
  }

  private final TrackingBuffer buffer;
  private final TrainingJobRepository jobs;
  private final ProcessOrigin process;
  private final JsonMapper json;
  private final Clock clock;

  RunTrackingService(
      TrackingBuffer buffer,
      TrainingJobRepository jobs,
      ProcessOrigin process,
      JsonMapper json,
      Clock clock) {
    this.buffer = buffer;
    this.jobs = jobs;
    this.process = process;
    this.json = json;
    this.clock = clock;
  }

  /** The run of a job that a worker takes up: created the first time, RUNNING again later. */
  @Transactional
  public void begin(TrainingJob job) {
    if (job.tracked().runId() != null || !buffer.isEmpty(job.id())) {
      buffer.add(job.id(), new TrackingEntry.State(RunState.RUNNING.name(), null));
      return;
    }
    buffer.add(
        job.id(),
        new TrackingEntry.Begin(
            job.experiment(), job.name(), job.createdBy(), clock.millis(), origin(job)));
    List<KeyValue> params = new java.util.ArrayList<>();
    flatten("", json.valueToTree(job.spec()), params);
    buffer.add(job.id(), new TrackingEntry.Log(List.of(), params, List.of()));
    process
        .difference()
        .ifPresent(
            patch ->
                buffer.add(
                    job.id(),
                    new TrackingEntry.TextFile(ProcessOrigin.FOLDER, ProcessOrigin.FILE, patch)));
  }

  /** Tags that say how to make the run again. */
  private List<KeyValue> origin(TrainingJob job) {
    SortedMap<String, String> tags = process.tags();
    tags.put("mlflow.source.name", "unmask training-service");
    tags.put("mlflow.source.type", "JOB");
    tags.put("mlflow.user", job.createdBy());
    tags.put("unmask.job", job.id().toString());
    tags.put("unmask.command", "POST /api/v1/training/jobs/" + job.id() + "/clone");
    tags.put("unmask.corpus.sha256", job.corpusSha256());
    return tags.entrySet().stream().map(e -> new KeyValue(e.getKey(), e.getValue())).toList();
  }

  /** The spec's fields by their paths, as MLflow's params. */
  private static void flatten(String path, JsonNode node, List<KeyValue> params) {
    if (node.isObject()) {
      String prefix = path.isEmpty() ? "" : path + ".";
      node.properties().forEach(e -> flatten(prefix + e.getKey(), e.getValue(), params));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        flatten(path + "." + i, node.get(i), params);
      }
    } else if (!node.isNull()) {
      params.add(new KeyValue(path, node.asString()));
    }
  }

  /**
   * Points of optimizer steps. A chunk that is repeated after a crash computes the same values, so
   * steps that were told before are left out.
   *
   * @param upTo last optimizer step among the points
   */
  @Transactional
  public void metrics(UUID job, List<Metric> points, long upTo) {
    if (jobs.advanceTracked(job, upTo) && buffer.hasRoom()) {
      buffer.add(job, new TrackingEntry.Log(points, List.of(), List.of()));
    }
  }

  /** Values that describe the run's result, at an optimizer step that may have points already. */
  @Transactional
  public void results(UUID job, Map<String, Double> values, long step) {
    long now = clock.millis();
    List<Metric> points =
        values.entrySet().stream()
            .map(e -> new Metric(e.getKey(), e.getValue(), now, step))
            .toList();
    buffer.add(job, new TrackingEntry.Log(points, List.of(), List.of()));
  }

  /** What a job takes of its machine; left out rather than waited for when the buffer is full. */
  @Transactional
  public void machine(UUID job, Map<String, Double> values, long step) {
    if (!values.isEmpty() && buffer.hasRoom()) {
      results(job, values, step);
    }
  }

  /** How something spread at an optimizer step. */
  @Transactional
  public void histogram(UUID job, Histogram histogram) {
    buffer.add(job, new TrackingEntry.Histograms(List.of(histogram)));
  }

  /** What the model in training wrote at an optimizer step. */
  @Transactional
  public void samples(UUID job, List<Sample> samples) {
    if (!samples.isEmpty()) {
      buffer.add(job, new TrackingEntry.Samples(samples));
    }
  }

  @Transactional
  public void tag(UUID job, String key, String value) {
    buffer.add(job, new TrackingEntry.Log(List.of(), List.of(), List.of(new KeyValue(key, value))));
  }

  @Transactional
  public void ended(UUID job, RunState state) {
    buffer.add(job, new TrackingEntry.State(state.name(), clock.millis()));
  }

  /** Milliseconds since the epoch, for points. */
  public long now() {
    return clock.millis();
  }

  /** Whether the registry has been told everything. */
  public boolean told(UUID job) {
    return buffer.isEmpty(job);
  }
}
