package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unmask.system.Gateway.Answer;
import dev.unmask.system.SharedStack.Trained;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every method from a job spec to generated text, at toy size and through the gateway. */
@ExtendWith(SharedStack.class)
class FamiliesIT {
  private static final Duration TRAINING_LIMIT = Duration.ofMinutes(2);
  private static final int TOKENS = 12;

  /**
   * A way to train.
   *
   * @param name of job, model and deployment; begins with the method whose model it becomes
   * @param phases with every option that the method has
   */
  record Way(String name, String phases) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Way> WAYS =
      List.of(
          new Way("ar", "{'method': 'ar', 'steps': 40}"),
          new Way("block-diffusion", "{'method': 'block-diffusion', 'blockSize': 8, 'steps': 40}"),
          new Way("radd", "{'method': 'radd', 'loss': 'k', 'steps': 40}"),
          new Way("sedd", "{'method': 'sedd', 'schedule': 'geometric', 'steps': 40}"),
          new Way("sedd-uniform", "{'method': 'sedd', 'graph': 'uniform', 'steps': 40}"),
          new Way("mdlm", "{'method': 'mdlm', 'loss': 'importance-sampled', 'steps': 40}"),
          new Way("smdm", "{'method': 'smdm', 'steps': 40}"),
          new Way("llada", "{'method': 'llada', 'steps': 40}"),
          new Way("dream-of-ar", "{'method': 'ar', 'steps': 20}, {'method': 'dream', 'steps': 20}"),
          new Way(
              "bd3lm-of-mdlm",
              "{'method': 'mdlm', 'steps': 20}, {'method': 'bd3lm', 'blockSize': 8, 'steps': 20}"),
          new Way(
              "sdar-of-ar",
              "{'method': 'ar', 'steps': 20}, {'method': 'sdar', 'blockSize': 4, 'steps': 20}"),
          new Way("fast-dllm-v2", "{'method': 'fast-dllm-v2', 'blockSize': 16, 'steps': 40}"),
          new Way("dsm", "{'method': 'dsm', 'steps': 40}"),
          new Way(
              "dsm-at-once", "{'method': 'dsm', 'schedule': 'variance-exploding', 'steps': 40}"));

  private static String job(Way way) {
    return """
        {"corpus": "%s", "name": "family-%s",
         "tokenizer": {"kind": "byte"},
         "model": {"layers": 1, "width": 32, "heads": 2, "feedForward": 64, "contextLength": 64},
         "phases": [%s],
         "batchSize": 4, "precision": "f32", "seed": 7, "checkpointEverySteps": 20,
         "register": {"alias": "champion"}}
        """
        .formatted(SharedStack.NAME, way.name(), way.phases().replace('\'', '"'));
  }

  @ParameterizedTest
  @FieldSource("WAYS")
  void trainsRegistersDeploysAndGenerates(Way way, Trained shared) {
    String name = "family-" + way.name();
    Gateway gateway = shared.gateway();

    JsonNode job = gateway.completed(gateway.submit(job(way)), TRAINING_LIMIT);
    gateway.deploy(name, "models:/" + name + "@champion");

    assertThat(job.path("progress").path("bitsPerByte").asDouble()).isPositive();
    assertGenerates(gateway, name);
    assertScores(gateway, name, way.name().startsWith("dsm"));
    gateway.undeploy(name);
  }

  /** By the family's own estimator; continuous diffusion has none and says so. */
  private static void assertScores(Gateway gateway, String model, boolean refused) {
    Answer score = gateway.score(model, "{\"text\": \"private int size;\", \"draws\": 16}");
    Answer options =
        gateway.score(model, "{\"text\": \"private \", \"options\": [\"int\", \"@@@\"]}");
    if (refused) {
      assertThat(score.status()).isEqualTo(400);
      assertThat(score.json().path("detail").asText()).contains("cannot be scored");
      return;
    }
    assertThat(score.status()).as("%s", score.json()).isEqualTo(200);
    assertThat(score.json().path("perplexity").asDouble()).isGreaterThan(1);
    assertThat(score.json().path("estimator").asText()).isIn("chain_rule", "elbo");
    if (!model.contains("sedd")) {
      assertThat(options.status()).as("%s", options.json()).isEqualTo(200);
      assertThat(options.json().path("options")).hasSize(2);
    }
  }

  @Test
  void convertsARegisteredModelByStartingFromIt(Trained shared) {
    String name = "family-converted";
    Gateway gateway = shared.gateway();
    String spec =
        """
        {"corpus": "%1$s", "name": "%2$s", "startFrom": "models:/%1$s@champion",
         "phases": [{"method": "sdar", "blockSize": 4, "steps": 4}],
         "batchSize": 4, "precision": "f32", "register": {"alias": "champion"}}
        """
            .formatted(SharedStack.NAME, name);

    assertTrainsAndGenerates(gateway, name, spec);
  }

  @Test
  void finetunesARegisteredModelOnPromptsAndAnswers(Trained shared) {
    String name = "family-tuned";
    Gateway gateway = shared.gateway();
    String lines =
        IntStream.range(0, 40)
            .mapToObj("{\"prompt\": \"sum %d\", \"answer\": \"done\"}\n"::formatted)
            .collect(Collectors.joining());
    Answer stored = gateway.post("/api/v1/training/corpora?name=sums", "application/jsonl", lines);
    assertThat(stored.status()).as("%s", stored.json()).isEqualTo(201);
    String spec =
        """
        {"corpus": "sums", "name": "%2$s", "startFrom": "models:/%1$s@champion",
         "phases": [{"method": "smdm", "data": "prompt-answer", "unconditional": 0.1, "steps": 4}],
         "batchSize": 4, "precision": "f32", "register": {"alias": "champion"}}
        """
            .formatted(SharedStack.NAME, name);

    assertTrainsAndGenerates(gateway, name, spec);
  }

  private static void assertTrainsAndGenerates(Gateway gateway, String name, String spec) {
    gateway.completed(gateway.submit(spec), TRAINING_LIMIT);
    gateway.deploy(name, "models:/" + name + "@champion");

    assertGenerates(gateway, name);
    gateway.undeploy(name);
  }

  /** The same text for the same seed, of as many tokens as asked for or up to the end of text. */
  private static void assertGenerates(Gateway gateway, String model) {
    String request =
        """
        {"model": "%s", "prompt": "  private ", "max_tokens": %d, "seed": 3}
        """
            .formatted(model, TOKENS);
    Answer first = gateway.postJson("/v1/completions", request);
    Answer second = gateway.postJson("/v1/completions", request);

    assertThat(first.status()).as("%s", first.json()).isEqualTo(200);
    assertThat(first.json().path("usage").path("completion_tokens").asInt()).isBetween(1, TOKENS);
    assertThat(first.json().path("usage").toString()).contains("nfe");
    assertThat(text(second)).isEqualTo(text(first));
  }

  private static String text(Answer answer) {
    return answer.json().path("choices").path(0).path("text").asText();
  }

  @Test
  void coversEveryMethodThatAJobCanName(Trained shared) {
    Answer refused =
        shared
            .gateway()
            .postJson(
                "/api/v1/training/jobs",
                """
                {"corpus": "%s", "phases": [{"steps": 1}]}
                """
                    .formatted(SharedStack.NAME));

    assertThat(refused.status()).isEqualTo(400);
    String known = refused.json().toString().replaceAll("(?s).*one of \\[([^]]*)].*", "$1");
    assertThat(Stream.of(known.split(", ")))
        .allSatisfy(
            method -> assertThat(WAYS).anyMatch(way -> way.phases().contains("'" + method + "'")));
  }
}
