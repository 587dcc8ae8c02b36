package dev.unmask.registry.mlflow;

import dev.unmask.registry.loggedmodel.LoggedModel;
import dev.unmask.registry.loggedmodel.LoggedModelService;
import dev.unmask.registry.mlflow.MlflowJson.ModelVersionMessage;
import dev.unmask.registry.model.ModelVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Writes versions down with what is said of their logged models, loaded for all at once. */
@Component
class ModelVersionMessages {
  private final LoggedModelService models;

  ModelVersionMessages(LoggedModelService models) {
    this.models = models;
  }

  ModelVersionMessage of(String teamId, ModelVersion version) {
    return of(teamId, List.of(version)).getFirst();
  }

  List<ModelVersionMessage> of(String teamId, List<ModelVersion> versions) {
    Set<String> ids = new HashSet<>();
    for (ModelVersion version : versions) {
      String modelId = version.modelId();
      if (modelId != null) {
        ids.add(modelId);
      }
    }
    Map<String, LoggedModel.Details> found = models.details(teamId, ids);
    return versions.stream()
        .map(
            version -> {
              String modelId = version.modelId();
              return ModelVersionMessage.of(version, modelId == null ? null : found.get(modelId));
            })
        .toList();
  }
}
