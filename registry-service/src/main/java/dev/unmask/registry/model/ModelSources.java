package dev.unmask.registry.model;

import dev.unmask.registry.artifact.Artifact;
import dev.unmask.registry.artifact.ArtifactAddress;
import dev.unmask.registry.artifact.ArtifactOwner;
import dev.unmask.registry.artifact.ArtifactOwner.OfLoggedModel;
import dev.unmask.registry.artifact.ArtifactOwner.OfRun;
import dev.unmask.registry.artifact.ArtifactService;
import dev.unmask.registry.loggedmodel.LoggedModel;
import dev.unmask.registry.loggedmodel.LoggedModelService;
import dev.unmask.registry.loggedmodel.LoggedModelStatus;
import dev.unmask.registry.run.RunService;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.List;
import java.util.Set;
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
  private static final Pattern LOGGED_MODEL = Pattern.compile("models:/(m-[0-9a-f]{32})/?");

  private final RunService runs;
  private final LoggedModelService models;
  private final ArtifactService artifacts;
  private final Set<String> acceptedKinds;

  ModelSources(
      RunService runs,
      LoggedModelService models,
      ArtifactService artifacts,
      ModelProperties properties) {
    this.runs = runs;
    this.models = models;
    this.artifacts = artifacts;
    this.acceptedKinds = properties.acceptedKinds();
  }

  /**
   * @throws UnmaskException when the source is of another kind, its run or logged model is another
   *     than the wanted one or unknown, or it holds files that are not accepted
   */
  ModelSource resolve(String teamId, NewVersion wanted) {
    String source = wanted.source();
    Matcher run = RUN.matcher(source);
    if (run.matches()) {
      return of(teamId, wanted, new OfRun(run.group(1)), null, run.group(2));
    }
    Matcher model = LOGGED_MODEL.matcher(source);
    if (model.matches()) {
      return of(teamId, wanted, new OfLoggedModel(model.group(1)), null, null);
    }
    ArtifactAddress address =
        ArtifactAddress.parseUri(source)
            .orElseThrow(
                () ->
                    invalid(
                        source,
                        "use runs:/<run id>/<folder>, models:/<logged model id>,"
                            + " models:/<name>/<version> or"
                            + " mlflow-artifacts:/<experiment>/<run id>/artifacts/<folder>"));
    return of(teamId, wanted, address.owner(), address.experiment(), address.path());
  }

  /**
   * @param experiment id that the source names; null where it names none
   */
  private ModelSource of(
      String teamId,
      NewVersion wanted,
      ArtifactOwner owner,
      @Nullable String experiment,
      @Nullable String folder) {
    String path = folder == null ? "" : folder.replaceAll("/+$", "");
    return switch (owner) {
      case OfRun(String runId) -> {
        checkSame(wanted.source(), "run", wanted.runId(), runId);
        String number = Long.toString(runs.get(teamId, runId).experiment());
        checkSame(wanted.source(), "experiment", experiment, number);
        yield new ModelSource(
            runId,
            loggedModel(teamId, wanted),
            new ArtifactAddress(number, owner, path).uri(),
            manifest(teamId, owner, path));
      }
      case OfLoggedModel(String modelId) -> {
        LoggedModel model = usable(teamId, wanted.source(), modelId);
        checkSame(wanted.source(), "logged model", wanted.modelId(), modelId);
        checkSame(wanted.source(), "experiment", experiment, Long.toString(model.experiment()));
        yield new ModelSource(
            runOf(teamId, wanted, model),
            modelId,
            new ArtifactAddress(Long.toString(model.experiment()), owner, path).uri(),
            manifest(teamId, owner, path));
      }
    };
  }

  private Manifest manifest(String teamId, ArtifactOwner owner, String folder) {
    List<Artifact> files = artifacts.below(teamId, owner, folder);
    return Manifest.ofAccepted(files, acceptedKinds);
  }

  /** A run's folder may be said to be that of a logged model, when there is such a model. */
  private @Nullable String loggedModel(String teamId, NewVersion wanted) {
    String modelId = wanted.modelId();
    return modelId == null || modelId.isEmpty() ? null : models.get(teamId, modelId).modelId();
  }

  private LoggedModel usable(String teamId, String source, String modelId) {
    LoggedModel model = models.get(teamId, modelId);
    if (model.status() == LoggedModelStatus.FAILED) {
      throw invalid(source, "the upload of this logged model failed; log the model again");
    }
    return model;
  }

  private @Nullable String runOf(String teamId, NewVersion wanted, LoggedModel model) {
    String named = wanted.runId();
    String made = model.sourceRunId();
    if (named == null || named.isEmpty()) {
      return made;
    }
    if (made != null) {
      checkSame(wanted.source(), "run", named, made);
    }
    return runs.get(teamId, named).runId();
  }

  private static void checkSame(String source, String what, @Nullable String named, String actual) {
    if (named != null && !named.isEmpty() && !named.equals(actual)) {
      throw invalid(source, "it is not within the " + what + " " + named);
    }
  }

  private static UnmaskException invalid(String source, String why) {
    return new UnmaskException(
        ErrorCode.INVALID_REQUEST, "Invalid model version source: '" + source + "': " + why);
  }
}
