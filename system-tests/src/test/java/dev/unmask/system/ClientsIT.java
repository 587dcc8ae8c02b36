package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import dev.unmask.system.SharedStack.Trained;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/** The clients that people already have, as they are. */
@ExtendWith(SharedStack.class)
class ClientsIT {
  private static final String PROMPT = "  private static final ";

  @Test
  void mlflowClientSeesWhatTrainingTracked(Trained trained) {
    String runId = trained.job().path("runId").asText();
    try (MlflowClient client = mlflow(trained)) {
      Run run = client.getRun(runId);

      assertThat(run.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
      assertThat(run.getData().getMetricsList())
          .extracting(Metric::getKey)
          .contains(
              "train/loss",
              "train/tokens_per_second",
              "validation/nats_per_token",
              "validation/bits_per_byte");
      List<Metric> losses = client.getMetricHistory(runId, "train/loss");
      assertThat(losses.getLast().getStep()).isEqualTo(TinyModel.STEPS);
      assertThat(losses.getLast().getValue()).isLessThan(losses.getFirst().getValue());
      ModelVersion version = client.getModelVersion(SharedStack.NAME, "1");
      assertThat(version.getRunId()).isEqualTo(runId);
      // The client's own listArtifacts needs a Python installation for a proxied store.
      String files = client.sendGet("artifacts/list?run_id=" + runId + "&path=model");
      assertThat(files).contains("model.safetensors", "config.json", "tokenizer.json");
    }
  }

  @Test
  void openAiClientListsCompletesAndStreamsTheSameTextForTheSameSeed(Trained trained) {
    OpenAIClient client = openAi(trained, trained.gateway().token());

    assertThat(client.models().list().data()).extracting(Model::id).contains(SharedStack.NAME);
    Completion completion = client.completions().create(request());
    String text = completion.choices().getFirst().text();
    assertThat(text).isNotBlank();
    assertThat(completion.usage().orElseThrow().completionTokens()).isPositive();
    assertThat(client.completions().create(request()).choices().getFirst().text()).isEqualTo(text);
    try (StreamResponse<Completion> stream = client.completions().createStreaming(request())) {
      String streamed =
          stream.stream()
              .flatMap(chunk -> chunk.choices().stream())
              .map(choice -> choice.text())
              .collect(Collectors.joining());
      assertThat(streamed).isEqualTo(text);
    }
  }

  @Test
  void openAiClientFillsAGapAndReadsWhatDecodingTook(Trained trained) {
    OpenAIClient client = openAi(trained, trained.gateway().token());

    Completion completion =
        client
            .completions()
            .create(
                CompletionCreateParams.builder()
                    .model(SharedStack.NAME)
                    .prompt(PROMPT)
                    .suffix(";\n")
                    .maxTokens(12)
                    .temperature(0.8)
                    .seed(3)
                    .putAdditionalBodyProperty(
                        "diffusion", JsonValue.from(Map.of("tokens_per_step", 2)))
                    .build());

    assertThat(completion.usage().orElseThrow()._additionalProperties().toString())
        .containsPattern("nfe=[0-9]+")
        .contains("tokens_per_forward=");
  }

  @Test
  void openAiClientGetsItsOwnExceptions(Trained trained) {
    OpenAIClient client = openAi(trained, trained.gateway().token());
    CompletionCreateParams unknown = request().toBuilder().model("nobody").build();

    assertThatThrownBy(() -> client.completions().create(unknown))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nobody");
    assertThatThrownBy(() -> openAi(trained, "umk_wrong").models().list())
        .isInstanceOf(UnauthorizedException.class);
  }

  private static MlflowClient mlflow(Trained trained) {
    Gateway gateway = trained.gateway();
    return new MlflowClient(new BasicMlflowHostCreds(gateway.uri().toString(), gateway.token()));
  }

  private static OpenAIClient openAi(Trained trained, String token) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(trained.gateway().uri() + "/v1")
        .apiKey(token)
        .maxRetries(0)
        .build();
  }

  private static CompletionCreateParams request() {
    return CompletionCreateParams.builder()
        .model(SharedStack.NAME)
        .prompt(PROMPT)
        .maxTokens(32)
        .temperature(0.8)
        .seed(11)
        .build();
  }
}
