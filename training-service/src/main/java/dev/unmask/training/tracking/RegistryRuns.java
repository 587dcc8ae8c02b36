package dev.unmask.training.tracking;

import dev.unmask.registry.api.HistogramsApi;
import dev.unmask.registry.api.HistogramsApi.Histogram;
import dev.unmask.registry.api.HistogramsApi.LogHistograms;
import dev.unmask.registry.api.MlflowTrackingApi;
import dev.unmask.registry.api.MlflowTrackingApi.CreateExperiment;
import dev.unmask.registry.api.MlflowTrackingApi.CreateRun;
import dev.unmask.registry.api.MlflowTrackingApi.LogBatch;
import dev.unmask.registry.api.MlflowTrackingApi.UpdateRun;
import dev.unmask.registry.api.SamplesApi;
import dev.unmask.registry.api.SamplesApi.LogSamples;
import dev.unmask.registry.api.SamplesApi.Sample;
import dev.unmask.training.job.TrainingJob;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientResponseException;

/** The calls that tell the registry one entry. */
@Component
class RegistryRuns {
  private final MlflowTrackingApi mlflow;
  private final SamplesApi samples;
  private final HistogramsApi histograms;

  RegistryRuns(MlflowTrackingApi mlflow, SamplesApi samples, HistogramsApi histograms) {
    this.mlflow = mlflow;
    this.samples = samples;
    this.histograms = histograms;
  }

  /** Identifies a run. */
  record Run(String experimentId, String runId) {}

  /**
   * Creates the run. Should the answer get lost, the next attempt creates a second one: the
   * protocol has no key for a creation.
   */
  Run begin(String team, TrackingEntry.Begin begin) {
    String experiment = experiment(team, begin.experiment());
    var run =
        mlflow.createRun(
            team,
            new CreateRun(
                experiment, begin.runName(), begin.userId(), begin.startTime(), begin.tags()));
    return new Run(experiment, run.run().info().runId());
  }

  private String experiment(String team, String name) {
    try {
      return mlflow.experimentByName(team, name).experiment().experimentId();
    } catch (RestClientResponseException failure) {
      if (failure.getStatusCode().value() != 404) {
        throw failure;
      }
    }
    try {
      return mlflow.createExperiment(team, new CreateExperiment(name, List.of())).experimentId();
    } catch (RestClientResponseException failure) {
      // Another job of the team was faster.
      if (RegistryFault.of(failure) instanceof RegistryFault.Refused refused
          && refused.code().equals("RESOURCE_ALREADY_EXISTS")) {
        return mlflow.experimentByName(team, name).experiment().experimentId();
      }
      throw failure;
    }
  }

  /** Tells an entry of a run that exists. */
  void tell(TrainingJob job, String runId, TrackingEntry entry) {
    String team = job.teamId();
    switch (entry) {
      case TrackingEntry.Begin ignored -> throw new IllegalStateException("the run has begun");
      case TrackingEntry.Log log ->
          mlflow.logBatch(team, new LogBatch(runId, log.metrics(), log.params(), log.tags()));
      case TrackingEntry.Samples(List<Sample> written) ->
          samples.log(team, runId, new LogSamples(written));
      case TrackingEntry.Histograms(List<Histogram> found) ->
          histograms.log(team, runId, new LogHistograms(found));
      case TrackingEntry.TextFile file -> put(job, runId, file);
      case TrackingEntry.State state ->
          mlflow.updateRun(team, new UpdateRun(runId, state.status(), state.endTime()));
    }
  }

  private void put(TrainingJob job, String runId, TrackingEntry.TextFile file) {
    mlflow.putArtifact(
        job.teamId(),
        Objects.requireNonNull(job.tracked().experimentId()),
        runId,
        file.folder(),
        file.name(),
        new ByteArrayResource(file.text().getBytes(StandardCharsets.UTF_8)));
  }
}
