package dev.unmask.registry.model;

import dev.unmask.registry.artifact.ArtifactService;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunService;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Resolves sources of versions. Nothing outside the team's own artifacts is ever read: a source is
 * looked up in the database, never opened as a file or fetched from an address.
 */
@Component
class ModelSources {
  private static final Pattern RUN = Pattern.compile("runs:/([\\w\\-]+)(?:/(.*))?");
  private static final Pattern ARTIFACTS =
      Pattern.compile("mlflow-artifacts:/(\\w+)/([\\w\\-]+)/artifacts(?:/(.*))?");

  private final RunService runs;
  private final ArtifactService artifacts;

  ModelSources(RunService runs, ArtifactService artifacts) {
    this.runs = runs;
    this.artifacts = artifacts;
  }

  /**
   * @throws UnmaskException when the source is of another kind, its run is another than {@code
   *     runId} or unknown, or it holds files that are not accepted
   */
  ModelSource resolve(String teamId, String source, @Nullable String runId) {
    Matcher run = RUN.matcher(source);
    if (run.matches()) {
      return ofRun(teamId, source, run.group(1), run.group(2), runId);
    }
    Matcher address = ARTIFACTS.matcher(source);
    if (address.matches()) {
      return ofRun(teamId, source, address.group(2), address.group(3), runId);
    }
    throw invalid(
        source,
        "use runs:/<run id>/<folder> or mlflow-artifacts:/<experiment>/<run id>/artifacts/");
  }

  private ModelSource ofRun(
      String teamId,
      String source,
      String sourceRun,
      @Nullable String folder,
      @Nullable String runId) {
    if (runId != null && !runId.isEmpty() && !runId.equals(sourceRun)) {
      throw invalid(source, "it is not within the run " + runId);
    }
    Run run = runs.get(teamId, sourceRun);
    String path = folder == null ? "" : folder.replaceAll("/+$", "");
    Manifest manifest = Manifest.ofAccepted(artifacts.below(teamId, sourceRun, path));
    String root = "mlflow-artifacts:/" + run.experiment() + "/" + sourceRun + "/artifacts";
    return new ModelSource(sourceRun, path.isEmpty() ? root : root + "/" + path, manifest);
  }

  private static UnmaskException invalid(String source, String why) {
    return new UnmaskException(
        ErrorCode.INVALID_REQUEST, "Invalid model version source: '" + source + "': " + why);
  }
}
