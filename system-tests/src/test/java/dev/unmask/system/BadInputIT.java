package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.system.Gateway.Answer;
import dev.unmask.system.SharedStack.Trained;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a user gets back for a mistake, through the gateway. */
@ExtendWith(SharedStack.class)
class BadInputIT {
  private static final String JOBS = "/api/v1/training/jobs";

  @Test
  void answersAWrongTokenInTheShapeOfEachRoute(Trained trained) {
    Gateway stranger = trained.gateway().withToken("umk_wrong");

    Answer own = stranger.get(JOBS);
    Answer openAi = stranger.get("/v1/models");
    Answer mlflow = stranger.get("/api/2.0/mlflow/experiments/get?experiment_id=0");

    assertThat(own.status()).isEqualTo(401);
    assertThat(own.contentType()).startsWith("application/problem+json");
    assertThat(own.json().path("code").asText()).isNotBlank();
    assertThat(openAi.status()).isEqualTo(401);
    assertThat(openAi.json().at("/error/message").asText()).isNotBlank();
    assertThat(mlflow.status()).isEqualTo(401);
    assertThat(mlflow.json().path("error_code").asText()).isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void refusesABodyOverItsLimit(Trained trained) {
    String large = "{\"corpus\": \"" + "x".repeat(1_500_000) + "\"}";

    Answer answer = trained.gateway().postJson(JOBS, large);

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.contentType()).startsWith("application/problem+json");
  }

  @Test
  void namesAnUnknownFieldOfASpec(Trained trained) {
    Answer answer =
        trained.gateway().postJson(JOBS, "{\"corpus\": \"tiny\", \"learningRat\": 0.1}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().toString()).contains("learningRat");
  }

  @Test
  void namesEveryFieldOutOfRange(Trained trained) {
    Answer answer =
        trained
            .gateway()
            .postJson(JOBS, "{\"corpus\": \"tiny\", \"minutes\": -1, \"batchSize\": 0}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("errors").findValuesAsText("field"))
        .contains("minutes", "batchSize");
  }

  @Test
  void refusesACorpusThatIsNotText(Trained trained) {
    Answer empty = trained.gateway().post("/api/v1/training/corpora?name=empty", "text/plain", "");
    Answer binary =
        trained.gateway().post("/api/v1/training/corpora?name=binary", "text/plain", "a\0b");

    assertThat(empty.status()).isEqualTo(400);
    assertThat(empty.json().path("code").asText()).isEqualTo("CORPUS_EMPTY");
    assertThat(binary.status()).isEqualTo(400);
    assertThat(binary.json().path("code").asText()).isEqualTo("CORPUS_NOT_TEXT");
  }

  @Test
  void refusesADeploymentOfAMissingAlias(Trained trained) {
    Answer answer =
        trained
            .gateway()
            .postJson(
                "/api/v1/inference/deployments",
                "{\"name\": \"other\", \"model\": \"models:/tiny@nobody\"}");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.json().path("detail").asText()).contains("nobody");
    assertThat(trained.gateway().get("/api/v1/inference/deployments").json().toString())
        .doesNotContain("other");
  }

  @Test
  void doesNotRouteWhatIsInternal(Trained trained) {
    assertThat(trained.gateway().postJson("/api/v1/identity/exchange", "{}").status())
        .isIn(403, 404);
    assertThat(trained.gateway().get("/actuator/health").status()).isIn(200, 401, 403, 404);
    assertThat(trained.gateway().get("/nowhere").status()).isEqualTo(404);
  }
}
