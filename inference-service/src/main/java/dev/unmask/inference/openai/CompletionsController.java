package dev.unmask.inference.openai;

import dev.unmask.inference.deployment.ServedModel;
import dev.unmask.inference.deployment.ServedModels;
import dev.unmask.inference.generation.GenerationPlan;
import dev.unmask.inference.generation.GenerationService;
import dev.unmask.inference.generation.RunningGeneration;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /v1/completions}; needs a member, because it takes compute time from the team. */
@RestController
class CompletionsController {
  private final CompletionRequestReader reader;
  private final ServedModels served;
  private final GenerationService generations;
  private final StreamProperties properties;
  private final Wire wire;

  CompletionsController(
      CompletionRequestReader reader,
      ServedModels served,
      GenerationService generations,
      StreamProperties properties,
      Wire wire) {
    this.reader = reader;
    this.served = served;
    this.generations = generations;
    this.properties = properties;
    this.wire = wire;
  }

  /** What turns answers into bytes. */
  record Wire(JsonMapper json, Clock clock) {}

  @PostMapping("/v1/completions")
  @RequiresRole(Role.MEMBER)
  ResponseEntity<?> complete(Caller caller, @RequestBody JsonNode body) {
    CompletionRequest request = reader.read(body);
    ServedModel model = served.find(caller.teamId(), request.model());
    GenerationPlan plan = generations.plan(model, request.spec());
    String id = "cmpl-" + UUID.randomUUID().toString().replace("-", "");
    CompletionDraft draft = new CompletionDraft(id, wire.clock().instant().getEpochSecond(), plan);
    List<String> echoes = echoes(request, plan);
    RunningGeneration running = generations.start(caller.teamId(), plan);
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.ok().header(CompletionDraft.VERSION_HEADER, draft.version());
    if (!request.stream()) {
      return answer
          .contentType(MediaType.APPLICATION_JSON)
          .body(CompletionCollector.collect(draft, running, echoes));
    }
    return answer
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .cacheControl(CacheControl.noCache())
        .header("X-Accel-Buffering", "no")
        .body(
            new CompletionStream(
                    draft, request, running, echoes, wire.json(), properties.heartbeat())
                .start());
  }

  private static List<String> echoes(CompletionRequest request, GenerationPlan plan) {
    return IntStream.range(0, plan.choices())
        .mapToObj(choice -> request.echo() ? plan.promptText(choice) : "")
        .toList();
  }
}
