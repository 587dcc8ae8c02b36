package dev.unmask.registry.dataset;

import dev.unmask.registry.dataset.RunLinks.ModelOutput;
import dev.unmask.registry.experiment.ExperimentService;
import dev.unmask.registry.loggedmodel.LoggedModelService;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunService;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of what runs read and made; everything is looked up within one team. */
@Service
public class RunLinksService {
  private static final int MOST = 1_000;

  private final RunService runs;
  private final ExperimentService experiments;
  private final LoggedModelService models;
  private final RunLinksTable links;

  RunLinksService(
      RunService runs,
      ExperimentService experiments,
      LoggedModelService models,
      RunLinksTable links) {
    this.runs = runs;
    this.experiments = experiments;
    this.models = models;
    this.links = links;
  }

  /** Notes all of what a run read or nothing; repeating it changes nothing. */
  @Transactional
  public void logInputs(
      String teamId, String runId, List<DatasetInput> datasets, List<String> modelIds) {
    atMost("datasets", datasets.size());
    atMost("models", modelIds.size());
    for (int i = 0; i < datasets.size(); i++) {
      datasets.get(i).check("datasets[" + i + "]");
    }
    Run run = runs.lock(teamId, runId);
    Map<String, Long> uids = models.uids(teamId, modelIds);
    if (!datasets.isEmpty()) {
      long experimentUid = experiments.get(teamId, run.experiment()).uid();
      links.addDatasets(experimentUid, run.uid(), datasets);
    }
    links.addModelInputs(run.uid(), uids.values());
  }

  /** Notes what a run made; of a model that it named before the step is replaced. */
  @Transactional
  public void logOutputs(String teamId, String runId, List<ModelOutput> outputs) {
    atMost("models", outputs.size());
    Run run = runs.lock(teamId, runId);
    Map<String, Long> uids =
        models.uids(teamId, outputs.stream().map(ModelOutput::modelId).toList());
    outputs.forEach(
        output ->
            links.putOutput(
                run.uid(), Objects.requireNonNull(uids.get(output.modelId())), output.step()));
  }

  /** By the uids of runs that the caller may see; runs without any are absent. */
  @Transactional(readOnly = true)
  public Map<Long, RunLinks> of(Collection<Long> runUids) {
    return links.of(runUids);
  }

  private static void atMost(String field, int count) {
    if (count > MOST) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "Invalid value for parameter '"
              + field
              + "': at most "
              + MOST
              + " at once, got "
              + count
              + ". Please split up your request.");
    }
  }
}
