package dev.unmask.training.tracking;

import dev.unmask.registry.api.MlflowTrackingApi;
import dev.unmask.registry.api.MlflowTrackingApi.CreateModelVersion;
import dev.unmask.registry.api.MlflowTrackingApi.CreateRegisteredModel;
import dev.unmask.registry.api.MlflowTrackingApi.KeyValue;
import dev.unmask.registry.api.MlflowTrackingApi.SetAlias;
import dev.unmask.registry.api.ModelsApi;
import dev.unmask.registry.api.ModelsApi.ModelVersionView;
import dev.unmask.training.job.TrainingJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientResponseException;

/** Turns an exported model into a version of a registered model; every part may be repeated. */
@Component
public class ModelRegistration {
  private static final String FOLDER = "model";

  private final MlflowTrackingApi mlflow;
  private final ModelsApi models;

  ModelRegistration(MlflowTrackingApi mlflow, ModelsApi models) {
    this.mlflow = mlflow;
    this.models = models;
  }

  /**
   * A model that is in the registry.
   *
   * @param aliasRefused why the alias does not point at it; null where it does, or none was wanted
   */
  public record Registered(int version, @Nullable String aliasRefused) {}

  /**
   * Uploads the files and creates the version, unless the run has one already. An alias whose
   * promotion rules the version does not fulfil stays where it is: that is an answer, no failure.
   *
   * @param job with its run known
   * @param directory the exported model
   * @throws RuntimeException of the client, for {@link RegistryFault#of}
   */
  public Registered register(
      TrainingJob job, String model, @Nullable String alias, Path directory) {
    String team = job.teamId();
    String runId = Objects.requireNonNull(job.tracked().runId());
    int version =
        versionOf(team, model, runId)
            .map(ModelVersionView::version)
            .orElseGet(() -> create(job, model, runId, directory));
    return new Registered(version, alias == null ? null : promote(team, model, alias, version));
  }

  /** Null when the alias points at the version, else the registry's reason. */
  private @Nullable String promote(String team, String model, String alias, int version) {
    try {
      mlflow.setAlias(team, new SetAlias(model, alias, Integer.toString(version)));
      return null;
    } catch (RestClientResponseException failure) {
      if (failure.getStatusCode().value() == HttpStatus.CONFLICT.value()
          && RegistryFault.of(failure) instanceof RegistryFault.Refused refused) {
        return refused.detail();
      }
      throw failure;
    }
  }

  private int create(TrainingJob job, String model, String runId, Path directory) {
    String experiment = Objects.requireNonNull(job.tracked().experimentId());
    for (Path file : files(directory)) {
      mlflow.putArtifact(
          job.teamId(),
          experiment,
          runId,
          FOLDER,
          file.getFileName().toString(),
          new FileSystemResource(file));
    }
    createModel(job.teamId(), model);
    return Integer.parseInt(
        mlflow
            .createModelVersion(
                job.teamId(),
                new CreateModelVersion(
                    model,
                    "runs:/" + runId + "/" + FOLDER,
                    runId,
                    null,
                    List.of(new KeyValue("unmask.job", job.id().toString()))))
            .modelVersion()
            .version());
  }

  private void createModel(String team, String model) {
    try {
      mlflow.createRegisteredModel(team, new CreateRegisteredModel(model, null, List.of()));
    } catch (RestClientResponseException failure) {
      if (!(RegistryFault.of(failure) instanceof RegistryFault.Refused refused
          && refused.code().equals("RESOURCE_ALREADY_EXISTS"))) {
        throw failure;
      }
    }
  }

  /** A version that an earlier attempt created before its answer got lost. */
  private Optional<ModelVersionView> versionOf(String team, String model, String runId) {
    try {
      return models.get(team, model).versions().stream()
          .filter(version -> runId.equals(version.runId()))
          .findFirst();
    } catch (RestClientResponseException failure) {
      if (failure.getStatusCode().value() == 404) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
