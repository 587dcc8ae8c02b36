package dev.unmask.registry.artifact;

import dev.unmask.registry.loggedmodel.LoggedModel;
import dev.unmask.registry.loggedmodel.LoggedModelService;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunService;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import org.springframework.stereotype.Component;

/** Finds the owners of artifacts within one team. */
@Component
class ArtifactOwners {
  private final RunService runs;
  private final LoggedModelService models;

  ArtifactOwners(RunService runs, LoggedModelService models) {
    this.runs = runs;
    this.models = models;
  }

  /**
   * @throws UnmaskException RUN_NOT_FOUND or LOGGED_MODEL_NOT_FOUND when the team has no such owner
   */
  Owned find(String teamId, ArtifactOwner owner) {
    return switch (owner) {
      case ArtifactOwner.OfRun(String runId) -> ofRun(runs.get(teamId, runId));
      case ArtifactOwner.OfLoggedModel(String modelId) -> ofModel(models.get(teamId, modelId));
    };
  }

  private static Owned ofRun(Run run) {
    return new Owned(Column.RUN, run.uid(), run.experiment(), run.runId(), run.active());
  }

  /** Deleted ones are not found at all. */
  private static Owned ofModel(LoggedModel model) {
    return new Owned(Column.MODEL, model.uid(), model.experiment(), model.modelId(), true);
  }

  /** The column of the table of artifacts that names an owner of this kind. */
  enum Column {
    RUN("run_uid"),
    MODEL("model_uid");

    private final String sql;

    Column(String sql) {
      this.sql = sql;
    }

    String sql() {
      return sql;
    }
  }

  /** An owner as the database knows it. */
  record Owned(Column column, long uid, long experiment, String id, boolean active) {

    /**
     * @throws UnmaskException when the owner is deleted
     */
    Owned checkActive() {
      if (!active) {
        throw new UnmaskException(
            ErrorCode.INVALID_REQUEST,
            "The run " + id + " must be in the 'active' state. Current state is deleted.");
      }
      return this;
    }
  }
}
