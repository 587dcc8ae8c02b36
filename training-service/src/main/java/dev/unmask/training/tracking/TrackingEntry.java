package dev.unmask.training.tracking;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.unmask.registry.api.HistogramsApi.Histogram;
import dev.unmask.registry.api.MlflowTrackingApi.KeyValue;
import dev.unmask.registry.api.MlflowTrackingApi.Metric;
import dev.unmask.registry.api.SamplesApi.Sample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing to tell the registry about a job's run; entries of a job are told in order. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TrackingEntry.Begin.class, name = "begin"),
  @JsonSubTypes.Type(value = TrackingEntry.Log.class, name = "log"),
  @JsonSubTypes.Type(value = TrackingEntry.Samples.class, name = "samples"),
  @JsonSubTypes.Type(value = TrackingEntry.Histograms.class, name = "histograms"),
  @JsonSubTypes.Type(value = TrackingEntry.TextFile.class, name = "textFile"),
  @JsonSubTypes.Type(value = TrackingEntry.State.class, name = "state")
})
sealed interface TrackingEntry {

  /**
   * Creates the run, once.
   *
   * @param startTime milliseconds since the epoch
   */
  record Begin(
      String experiment, String runName, String userId, long startTime, List<KeyValue> tags)
      implements TrackingEntry {}

  /** Params, tags and metric points; a repetition has no effect. */
  record Log(List<Metric> metrics, List<KeyValue> params, List<KeyValue> tags)
      implements TrackingEntry {}

  /** What the model in training wrote; a repetition has no effect. */
  record Samples(List<Sample> samples) implements TrackingEntry {}

  /** How something spread; a repetition has no effect. */
  record Histograms(List<Histogram> histograms) implements TrackingEntry {}

  /** A file of the run; a repetition has no effect. */
  record TextFile(String folder, String name, String text) implements TrackingEntry {}

  /**
   * @param status RUNNING, FINISHED, FAILED or KILLED
   * @param endTime milliseconds since the epoch
   */
  record State(String status, @Nullable Long endTime) implements TrackingEntry {}
}
