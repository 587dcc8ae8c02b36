package dev.unmask.inference.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.unmask.inference.deployment.Deployment;
import dev.unmask.inference.deployment.ServedModel;
import dev.unmask.inference.deployment.ServedModels;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/models}: every name that a READY deployment of the team answers to. */
@RestController
@RequiresRole(Role.VIEWER)
class ModelsController {
  private final ServedModels served;

  ModelsController(ServedModels served) {
    this.served = served;
  }

  record ModelList(String object, List<Model> data) {}

  /**
   * @param version registered version behind the id
   */
  record Model(
      String id,
      String object,
      long created,
      @JsonProperty("owned_by") String ownedBy,
      int version,
      String digest,
      @JsonProperty("context_length") int contextLength) {}

  @GetMapping("/v1/models")
  ModelList list(Caller caller) {
    Map<String, Model> byId = new LinkedHashMap<>();
    for (ServedModel model : served.list(caller.teamId())) {
      Deployment deployment = model.deployment();
      Stream.of(
              deployment.version().name(),
              deployment.resolvedModel(),
              deployment.aliasedModel(),
              deployment.name())
          .filter(Objects::nonNull)
          .forEach(id -> byId.putIfAbsent(id, view(id, model, caller)));
    }
    return new ModelList("list", List.copyOf(byId.values()));
  }

  @GetMapping("/v1/models/{id}")
  Model get(Caller caller, @PathVariable String id) {
    return view(id, served.find(caller.teamId(), id), caller);
  }

  private static Model view(String id, ServedModel model, Caller caller) {
    Deployment deployment = model.deployment();
    return new Model(
        id,
        "model",
        deployment.createdAt().getEpochSecond(),
        caller.teamName(),
        deployment.version().version(),
        deployment.version().digest(),
        model.model().contextLength());
  }
}
