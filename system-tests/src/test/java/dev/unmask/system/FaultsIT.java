package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** {@code kill -9} of every process: what was acknowledged stays, and the stack heals. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsIT {
  private static final String NAME = "sturdy";
  private static final int STEPS = 600;
  private static final Duration HEALING = Duration.ofSeconds(90);
  private static final Duration TRAINING = Duration.ofMinutes(5);
  private static final String SLOW_COMPLETION =
      """
      {"model": "sturdy", "prompt": "  private ", "max_tokens": 100, "stream": true, "seed": 1,
       "diffusion": {"cache": "none", "tokens_per_step": 1}}
      """;

  private static StackProcess stack;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    stack = StackProcess.up(StackProcess.freshData("faults"), "--isolated");
    gateway = stack.gateway();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  @Order(1)
  void losesNoStepOfATrainingWhoseProcessesAreKilledOneAfterTheOther() {
    String corpus = gateway.corpus(NAME, TinyModel.text());
    String job = gateway.submit(TinyModel.job(corpus, NAME, STEPS));

    awaitStep(job, 45); // past a checkpoint, in mid-chunk
    StackProcess.kill(service("training"));
    awaitStep(job, 150);
    StackProcess.kill(service("registry"));
    awaitStep(job, 250);
    StackProcess.kill(stack.postgres().orElseThrow());

    JsonNode done = gateway.completed(job, TRAINING);
    assertThat(done.at("/progress/optimizerStep").asLong()).isEqualTo(STEPS);
    assertThat(trackedSteps(done.path("runId").asText()))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, STEPS).boxed().toList());
    assertThat(version().path("runId").asText()).isEqualTo(done.path("runId").asText());
  }

  @Test
  @Order(2)
  void servesAgainAfterInferenceIsKilledInMidStream() throws IOException {
    gateway.deploy(NAME, "models:/" + NAME + "@champion");
    ProcessHandle inference = service("inference");

    boolean complete;
    try (InputStream stream = gateway.stream("/v1/completions", SLOW_COMPLETION)) {
      assertThat(stream.read()).isNotNegative();
      StackProcess.kill(inference);
      complete = endsNormally(stream);
    }

    assertThat(complete).isFalse();
    gateway.awaitDeployment(NAME, HEALING);
    assertThat(completes()).isTrue();
  }

  @Test
  @Order(3)
  void findsEverythingAgainAfterTheWholeStackIsKilledAndStarted() {
    JsonNode before = version();
    List<ProcessHandle> children =
        List.of(service("registry"), service("training"), service("inference"), service("gateway"));

    stack.kill();
    for (ProcessHandle child : children) {
      child.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }
    stack = StackProcess.up(stack.data(), "--isolated");
    gateway = stack.gateway();

    assertThat(version()).isEqualTo(before);
    gateway.awaitDeployment(NAME, HEALING);
    assertThat(completes()).isTrue();
  }

  private static ProcessHandle service(String name) {
    return Eventually.get("the " + name + " runs", HEALING, () -> stack.service(name));
  }

  private static void awaitStep(String job, long step) {
    Eventually.isTrue(
        "step " + step + " of the training",
        TRAINING,
        () ->
            gateway
                .job(job)
                .filter(found -> found.at("/progress/optimizerStep").asLong() >= step)
                .isPresent());
  }

  private static List<Long> trackedSteps(String run) {
    List<Long> steps = new ArrayList<>();
    JsonNode history =
        gateway
            .get(
                "/api/2.0/mlflow/metrics/get-history?max_results=10000&metric_key=train/loss&run_id="
                    + run)
            .json();
    for (JsonNode metric : history.path("metrics")) {
      steps.add(metric.path("step").asLong());
    }
    return steps;
  }

  private static JsonNode version() {
    Gateway.Answer answer = gateway.get("/api/v1/registry/models/" + NAME + "/versions/@champion");
    assertThat(answer.status()).isEqualTo(200);
    return answer.json();
  }

  private static boolean completes() {
    Gateway.Answer answer =
        gateway.postJson(
            "/v1/completions",
            "{\"model\": \"%s\", \"prompt\": \"  private \", \"max_tokens\": 8}".formatted(NAME));
    return answer.status() == 200 && answer.json().at("/choices/0/text").isTextual();
  }

  private static boolean endsNormally(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).contains("[DONE]");
    } catch (IOException cut) {
      return false;
    }
  }
}
