package dev.unmask.local.importing;

import dev.unmask.local.Terminal;
import dev.unmask.local.client.GatewayClient;
import dev.unmask.registry.api.MlflowTrackingApi.CreateExperiment;
import dev.unmask.registry.api.MlflowTrackingApi.CreateModelVersion;
import dev.unmask.registry.api.MlflowTrackingApi.CreateRegisteredModel;
import dev.unmask.registry.api.MlflowTrackingApi.CreateRun;
import dev.unmask.registry.api.MlflowTrackingApi.CreatedExperiment;
import dev.unmask.registry.api.MlflowTrackingApi.ExperimentAnswer;
import dev.unmask.registry.api.MlflowTrackingApi.KeyValue;
import dev.unmask.registry.api.MlflowTrackingApi.ModelVersionAnswer;
import dev.unmask.registry.api.MlflowTrackingApi.RunAnswer;
import dev.unmask.registry.api.MlflowTrackingApi.SetAlias;
import dev.unmask.registry.api.MlflowTrackingApi.UpdateRun;
import dev.unmask.registry.api.ModelsApi.ModelVersionView;
import dev.unmask.registry.api.ModelsApi.ModelView;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Model files as a version of a registered model: artifacts of a run, then a version of those. */
final class Registration {
  private static final String MLFLOW = "/api/2.0/mlflow/";
  private static final String EXPERIMENT = "imports";
  private static final String FOLDER = "model";

  private final GatewayClient gateway;
  private final Terminal terminal;
  private final InstantSource clock = InstantSource.system();

  Registration(GatewayClient gateway, Terminal terminal) {
    this.gateway = gateway;
    this.terminal = terminal;
  }

  /**
   * Registers the files, or finds the version that has the same ones.
   *
   * @return the version's number
   * @throws ImportFailure if what the registry stored differs from what was sent
   */
  int register(ModelFiles model, String name, @Nullable String alias) {
    String digest = model.digest();
    Optional<ModelView> known = gateway.find("/api/v1/registry/models/" + name, ModelView.class);
    Optional<ModelVersionView> same =
        known.stream()
            .flatMap(one -> one.versions().stream())
            .filter(version -> version.digest().equals(digest))
            .findFirst();
    if (known.isEmpty()) {
      post("registered-models/create", new CreateRegisteredModel(name, null, List.of()));
    }
    int version = same.map(ModelVersionView::version).orElseGet(() -> create(model, name, digest));
    if (alias != null) {
      post("registered-models/alias", new SetAlias(name, alias, Integer.toString(version)));
    }
    terminal.say(
        "%s %s version %d%s, %s."
            .formatted(
                same.isPresent() ? "Found" : "Registered",
                name,
                version,
                alias == null ? "" : ", alias " + alias,
                digest));
    return version;
  }

  private int create(ModelFiles model, String name, String digest) {
    String experiment = experiment();
    long now = clock.millis();
    String run =
        gateway
            .post(
                MLFLOW + "runs/create",
                new CreateRun(experiment, name, null, now, List.of()),
                RunAnswer.class)
            .run()
            .info()
            .runId();
    for (Path file : model.files()) {
      terminal.say("Uploading " + ModelFiles.name(file) + " ...");
      gateway.put(
          "/api/2.0/mlflow-artifacts/artifacts/%s/%s/artifacts/%s/%s"
              .formatted(experiment, run, FOLDER, ModelFiles.name(file)),
          file);
    }
    post("runs/update", new UpdateRun(run, "FINISHED", clock.millis()));
    String version = version(model, name, run);
    ModelVersionView stored =
        gateway.get(
            "/api/v1/registry/models/%s/versions/%s".formatted(name, version),
            ModelVersionView.class);
    if (!stored.digest().equals(digest)) {
      throw new ImportFailure(
          "%s version %s holds %s, sent was %s: files changed meanwhile; import again"
              .formatted(name, version, stored.digest(), digest));
    }
    return stored.version();
  }

  private String version(ModelFiles model, String name, String run) {
    return gateway
        .post(
            MLFLOW + "model-versions/create",
            new CreateModelVersion(
                name,
                "runs:/" + run + "/" + FOLDER,
                run,
                null,
                List.of(new KeyValue("unmask.family", model.family()))),
            ModelVersionAnswer.class)
        .modelVersion()
        .version();
  }

  private String experiment() {
    return gateway
        .find(
            MLFLOW + "experiments/get-by-name?experiment_name=" + EXPERIMENT,
            ExperimentAnswer.class)
        .map(found -> found.experiment().experimentId())
        .orElseGet(
            () ->
                gateway
                    .post(
                        MLFLOW + "experiments/create",
                        new CreateExperiment(EXPERIMENT, List.of()),
                        CreatedExperiment.class)
                    .experimentId());
  }

  private void post(String path, Object body) {
    JsonNode unused = gateway.post(MLFLOW + path, body, JsonNode.class);
  }
}
