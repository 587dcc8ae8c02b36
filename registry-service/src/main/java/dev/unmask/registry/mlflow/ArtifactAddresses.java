package dev.unmask.registry.mlflow;

import dev.unmask.registry.artifact.ArtifactAddress;
import dev.unmask.registry.artifact.ArtifactOwner;
import dev.unmask.registry.artifact.ArtifactOwner.OfLoggedModel;
import dev.unmask.registry.artifact.ArtifactOwner.OfRun;
import dev.unmask.registry.loggedmodel.LoggedModelService;
import dev.unmask.registry.run.RunService;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import org.springframework.stereotype.Component;

/** Finds the owners that addresses name: each must be of the experiment that stands before it. */
@Component
class ArtifactAddresses {
  private final RunService runs;
  private final LoggedModelService models;

  ArtifactAddresses(RunService runs, LoggedModelService models) {
    this.runs = runs;
    this.models = models;
  }

  ArtifactOwner owner(String teamId, ArtifactAddress address) {
    return switch (address.owner()) {
      case OfRun(String runId) -> run(teamId, address.experiment(), runId);
      case OfLoggedModel(String modelId) -> model(teamId, address.experiment(), modelId);
    };
  }

  OfRun run(String teamId, String experiment, String runId) {
    if (runs.get(teamId, runId).experiment() != ExperimentIds.parse(experiment)) {
      throw new UnmaskException(
          ErrorCode.RUN_NOT_FOUND,
          "Run with id=" + runId + " not found in experiment " + experiment);
    }
    return new OfRun(runId);
  }

  OfLoggedModel model(String teamId, String experiment, String modelId) {
    if (models.get(teamId, modelId).experiment() != ExperimentIds.parse(experiment)) {
      throw new UnmaskException(
          ErrorCode.LOGGED_MODEL_NOT_FOUND,
          "Logged model with ID '" + modelId + "' not found in experiment " + experiment + ".");
    }
    return new OfLoggedModel(modelId);
  }
}
