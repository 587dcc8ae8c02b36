package dev.unmask.registry.card;

import dev.unmask.registry.api.ModelCardsApi.ModelCard;
import dev.unmask.registry.api.ModelCardsApi.Origin;
import dev.unmask.registry.api.ModelCardsApi.Result;
import dev.unmask.registry.api.ModelsApi.ModelFile;
import dev.unmask.registry.artifact.Artifact;
import dev.unmask.registry.model.ModelVersion;
import dev.unmask.registry.model.ModelVersionService;
import dev.unmask.registry.model.RegisteredModel;
import dev.unmask.registry.model.RegisteredModelService;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunService;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Gathers cards. */
@Service
class ModelCardService {
  private static final List<String> LICENCE_TAGS = List.of("license", "licence");

  private final RegisteredModelService models;
  private final ModelVersionService versions;
  private final RunService runs;
  private final CardFiles files;

  ModelCardService(
      RegisteredModelService models,
      ModelVersionService versions,
      RunService runs,
      CardFiles files) {
    this.models = models;
    this.versions = versions;
    this.runs = runs;
    this.files = files;
  }

  @Transactional(readOnly = true)
  public ModelCard of(String teamId, String name, String ref) {
    RegisteredModel model = models.get(teamId, name);
    ModelVersion version = versions.resolve(teamId, name, ref);
    List<Artifact> manifest = versions.files(version);
    return new ModelCard(
        name,
        version.version(),
        version.description(),
        version.digest(),
        version.aliases(),
        version.tags(),
        licence(version, model),
        version.userId(),
        Instant.ofEpochMilli(version.createdAt()),
        origin(teamId, version.runId()),
        files.scalars(manifest, "config.json"),
        files.scalars(manifest, "generation_config.json"),
        manifest.stream()
            .map(file -> new ModelFile(file.path(), file.blob().size(), file.blob().sha256()))
            .toList());
  }

  private static @Nullable String licence(ModelVersion version, RegisteredModel model) {
    return Stream.of(version.tags(), model.tags())
        .flatMap(tags -> LICENCE_TAGS.stream().filter(tags::containsKey).map(tags::get))
        .findFirst()
        .orElse(null);
  }

  /** Absent where the run is gone: a version outlives it. */
  private @Nullable Origin origin(String teamId, @Nullable String runId) {
    return Optional.ofNullable(runId)
        .flatMap(id -> runs.findDetails(teamId, id))
        .map(ModelCardService::origin)
        .orElse(null);
  }

  private static Origin origin(Run.Details details) {
    Run run = details.run();
    Long end = run.endTime();
    return new Origin(
        run.runId(),
        run.name(),
        run.status().name(),
        Instant.ofEpochMilli(run.startTime()),
        end == null ? null : Instant.ofEpochMilli(end),
        details.params(),
        details.tags(),
        details.metrics().stream()
            .map(point -> new Result(point.key(), Double.toString(point.value()), point.step()))
            .toList());
  }
}
