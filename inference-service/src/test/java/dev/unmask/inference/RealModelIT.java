package dev.unmask.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.inference.RunningService.Answer;
import dev.unmask.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The library behind the whole service: tiny random models, decoded over HTTP. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealModelIT {
  private static final List<String> FULL = List.of("llada", "smdm", "radd");
  private static final List<String> BLOCKS = List.of("sdar");
  private static final List<String> FAMILIES =
      Stream.of(FULL, BLOCKS).flatMap(List::stream).toList();

  private FakeRegistry registry;
  private RunningService service;

  @BeforeAll
  void start(@TempDir Path scratch) throws IOException {
    registry = new FakeRegistry();
    registry.register("blocks", 1, "champion", TinyModels.files(scratch, 7, 8));
    registry.register("full", 1, "champion", TinyModels.files(scratch, 8, 0));
    service =
        RunningService.real(
            PostgresExtension.freshDatabase(), scratch.resolve("data"), registry.url());
    for (String family : FULL) {
      registry.register(family, 1, "champion", TinyModels.files(scratch, 11, 0, family));
    }
    for (String family : BLOCKS) {
      registry.register(family, 1, "champion", TinyModels.files(scratch, 12, 8, family));
    }
    for (String model : List.of("blocks", "full")) {
      JsonNode deployment = service.deploy(model, "models:/" + model + "@champion");
      assertThat(deployment.get("status").stringValue())
          .as(deployment.toString())
          .isEqualTo("READY");
    }
  }

  @AfterAll
  void stop() {
    service.close();
    registry.close();
  }

  @Test
  void sameSeedSettingsAndVersionGiveTheSameTextWhateverElseRuns() {
    List<String> bodies = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      bodies.add(body("blocks", seed, "\"stop\":\"qq\",\"threshold\":0.5"));
      bodies.add(body("full", seed, "\"ignore_eos\":true,\"tokens_per_step\":3"));
    }
    List<String> alone = bodies.stream().map(this::text).toList();

    List<CompletableFuture<String>> together =
        bodies.stream().map(b -> CompletableFuture.supplyAsync(() -> text(b))).toList();

    assertThat(together.stream().map(CompletableFuture::join)).containsExactlyElementsOf(alone);
    assertThat(alone).doesNotHaveDuplicates();
  }

  @Test
  void everyFamilyGeneratesWithItsOwnDefaults() {
    for (String family : FAMILIES) {
      String id = deployed(family);

      JsonNode answer = answer(body("served", 3, "\"ignore_eos\":true"));

      assertThat(answer.at("/usage/completion_tokens").intValue()).as(family).isEqualTo(32);
      assertThat(answer.at("/usage/diffusion/nfe").intValue()).as(family).isPositive();
      undeploy(id);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "llada, low_confidence|random",
    "smdm, low_confidence|topk_margin|sequential|entropy_bounded|origin|greedy",
    "radd, low_confidence|topk_margin|sequential|entropy_bounded",
    "sdar, low_confidence_static|low_confidence_dynamic|sequential|entropy_bounded"
  })
  void everyAlgorithmOfAFamilyDecodesInItsOwnWay(String family, String algorithms) {
    String id = deployed(family);
    Set<String> texts = new HashSet<>();
    for (String algorithm : algorithms.split("\\|")) {
      JsonNode answer =
          answer(body("served", 3, settings("\"algorithm\":\"%s\",\"steps\":8", algorithm)));

      assertThat(answer.at("/usage/completion_tokens").intValue()).as(algorithm).isEqualTo(32);
      texts.add(answer.at("/choices/0/text").stringValue());
    }
    Answer unknown = service.post("/v1/completions", body("served", 3, "\"alg\":\"magic\""));
    undeploy(id);

    assertThat(texts).hasSizeGreaterThan(algorithms.split("\\|").length / 2);
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.body()).contains(algorithms.split("\\|"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llada", "smdm", "radd"})
  void guidanceAndTopKChangeWhatAFullAttentionModelWrites(String family) {
    String id = deployed(family);
    String plain = text(body("served", 3, settings("\"steps\":8")));
    String guided = text(body("served", 3, settings("\"steps\":8,\"cfg_scale\":3")));
    String cut = text(body("served", 3, settings("\"steps\":8,\"top_k\":1")));
    String cutWithAnotherSeed = text(body("served", 4, settings("\"steps\":8,\"top_k\":1")));
    undeploy(id);

    assertThat(guided).isNotEqualTo(plain);
    assertThat(cut).isNotEqualTo(plain).isEqualTo(cutWithAnotherSeed);
  }

  @Test
  void int8IsServedWhenADeploymentAsksForIt() {
    String precise = text(body("blocks", 3, "\"temperature\":0"));
    Answer created =
        service.post(
            "/api/v1/inference/deployments",
            "{\"name\":\"served\",\"model\":\"models:/blocks@champion\",\"precision\":\"int8\"}");
    JsonNode deployment = service.loaded(created.json().get("id").stringValue());
    String rounded = text(body("served", 3, "\"temperature\":0"));
    String again = text(body("served", 4, "\"temperature\":0"));
    undeploy(deployment.get("id").stringValue());

    assertThat(deployment.get("status").stringValue()).isEqualTo("READY");
    assertThat(deployment.get("precision").stringValue()).isEqualTo("int8");
    assertThat(rounded).hasSameSizeAs(precise).isEqualTo(again);
  }

  @Test
  void anUnknownPrecisionIsRefusedWithItsName() {
    Answer refused =
        service.post(
            "/api/v1/inference/deployments",
            "{\"name\":\"served\",\"model\":\"models:/blocks@champion\",\"precision\":\"int4\"}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).contains("precision");
  }

  @Test
  void guidanceIsRefusedByAModelThatIsDecodedInBlocks() {
    Answer refused = service.post("/v1/completions", body("blocks", 3, "\"cfg_scale\":1.5"));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/error/param").stringValue()).isEqualTo("cfg_scale");
    assertThat(refused.body()).contains("block-causal");
  }

  private static String settings(String fields, Object... values) {
    return "\"ignore_eos\":true,\"temperature\":1," + fields.formatted(values);
  }

  private void undeploy(String id) {
    service.delete("/api/v1/inference/deployments/" + id);
  }

  private String deployed(String family) {
    JsonNode deployment = service.deploy("served", "models:/" + family + "@champion");
    assertThat(deployment.path("status").stringValue("")).as(family).isEqualTo("READY");
    return deployment.get("id").stringValue();
  }

  @Test
  void streamsExactlyTheTextThatIsAnsweredInOnePiece() {
    for (int seed = 0; seed < 3; seed++) {
      String whole = text(body("blocks", seed, "\"n\":1"));
      Answer streamed = service.post("/v1/completions", body("blocks", seed, "\"stream\":true"));

      assertThat(streamed.text(0)).isEqualTo(whole);
    }
  }

  @Test
  void theBlockCacheIsExactAndSavesWork() {
    JsonNode cached = answer(body("blocks", 5, "\"tokens_per_step\":2,\"cache\":\"block\""));
    JsonNode plain = answer(body("blocks", 5, "\"tokens_per_step\":2,\"cache\":\"none\""));

    assertThat(cached.at("/choices/0/text")).isEqualTo(plain.at("/choices/0/text"));
    assertThat(cached.at("/usage/diffusion/cache_hit_rate").doubleValue()).isPositive();
    assertThat(plain.at("/usage/diffusion/cache_hit_rate").doubleValue()).isZero();
  }

  @Test
  void oneTokenAStepWithoutCacheIsThePlainBaseline() {
    JsonNode plain =
        answer(
            body(
                "full",
                1,
                "\"ignore_eos\":true,\"diffusion\":{\"cache\":\"none\",\"tokens_per_step\":1}"));

    assertThat(plain.at("/usage/completion_tokens").intValue()).isEqualTo(32);
    assertThat(plain.at("/usage/diffusion/nfe").intValue()).isEqualTo(32);
    assertThat(plain.at("/usage/diffusion/tokens_per_forward").doubleValue()).isEqualTo(1);
  }

  @Test
  void fillsTheGapBetweenPromptAndSuffix() {
    for (String model : List.of("blocks", "full")) {
      JsonNode infilled = answer(body(model, 3, "\"suffix\":\" the end\""));

      assertThat(infilled.at("/usage/completion_tokens").intValue()).isEqualTo(32);
      assertThat(infilled.at("/usage/prompt_tokens").intValue()).isEqualTo(6 + 8);
    }
  }

  @Test
  void refusesACacheThatDoesNotSuitTheModel() {
    Answer answer =
        service.post("/v1/completions", body("blocks", 1, "\"diffusion\":{\"cache\":\"dual\"}"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("block-causal").contains("cache");
  }

  @Test
  void scoresATextBlockWise() {
    String id = service.deploy("scored", "models:/blocks/1").get("id").stringValue();
    String path = "/api/v1/inference/deployments/" + id + "/score";

    JsonNode score = service.post(path, "{\"text\":\"hello world\",\"from\":5}").json();
    Answer tooLong = service.post(path, "{\"text\":\"" + "x".repeat(257) + "\"}");
    Answer neither = service.post(path, "{}");

    assertThat(score.get("tokens").intValue()).isEqualTo(6);
    double nats = score.get("nats_per_token").doubleValue();
    assertThat(nats).isPositive();
    assertThat(score.get("perplexity").doubleValue())
        .isCloseTo(Math.exp(nats), org.assertj.core.data.Offset.offset(1e-6));
    assertThat(tooLong.status()).isEqualTo(400);
    assertThat(tooLong.body()).contains("257").contains("256");
    assertThat(neither.status()).isEqualTo(400);
  }

  @Test
  void scoresALongTextInWindowsAndSaysHowSureItIs() {
    String path = deployedPath("full") + "/score";
    String text = "the quick brown fox jumps over the lazy dog ".repeat(8);

    JsonNode own = service.post(path, "{\"text\":\"%s\",\"window\":64}".formatted(text)).json();
    JsonNode bound =
        service
            .post(
                path,
                "{\"text\":\"%s\",\"window\":64,\"estimator\":\"elbo\",\"draws\":8,\"seed\":3}"
                    .formatted(text))
            .json();
    Answer gap = service.post(path, "{\"text\":\"abc\",\"window\":8,\"stride\":9}");
    Answer wide = service.post(path, "{\"text\":\"abc\",\"window\":5000}");

    assertThat(own.get("tokens").longValue()).isEqualTo(text.length());
    assertThat(own.get("estimator").stringValue()).isEqualTo("chain_rule");
    assertThat(own.get("standard_error").doubleValue()).isPositive();
    assertThat(own.get("bits_per_byte").doubleValue())
        .isCloseTo(
            own.get("nats_per_token").doubleValue() / Math.log(2),
            org.assertj.core.data.Offset.offset(1e-9));
    assertThat(bound.get("estimator").stringValue()).isEqualTo("elbo");
    assertThat(gap.status()).isEqualTo(400);
    assertThat(gap.body()).contains("stride");
    assertThat(wide.status()).isEqualTo(400);
    assertThat(wide.body()).contains("window").contains("256");
  }

  @Test
  void scoresOptionsGivenAPromptAndNamesTheBest() {
    String path = deployedPath("blocks") + "/score";

    JsonNode scored =
        service
            .post(
                path, "{\"text\":\"Hello \",\"options\":[\"world\",\"w\"],\"normalise\":\"bytes\"}")
            .json();
    JsonNode alone = service.post(path, "{\"text\":\"Hello world\",\"from\":6}").json();
    Answer bound =
        service.post(path, "{\"text\":\"a\",\"options\":[\"b\"],\"estimator\":\"elbo\"}");
    Answer empty = service.post(path, "{\"text\":\"a\",\"options\":[\"\"]}");

    JsonNode world = scored.at("/options/0");
    assertThat(world.get("nats").doubleValue())
        .isCloseTo(
            5 * alone.get("nats_per_token").doubleValue(),
            org.assertj.core.data.Offset.offset(1e-4));
    assertThat(world.get("normalised").doubleValue())
        .isEqualTo(world.get("nats").doubleValue() / 5);
    double other = scored.at("/options/1/normalised").doubleValue();
    int best = other < world.get("normalised").doubleValue() ? 1 : 0;
    assertThat(scored.get("best").intValue()).isEqualTo(best);
    assertThat(bound.status()).isEqualTo(400);
    assertThat(bound.body()).contains("estimator").contains("chain_rule");
    assertThat(empty.status()).isEqualTo(400);
    assertThat(empty.body()).contains("options");
  }

  private String deployedPath(String name) {
    for (JsonNode deployment : service.get("/api/v1/inference/deployments").json()) {
      if (deployment.get("name").stringValue().equals(name)) {
        return "/api/v1/inference/deployments/" + deployment.get("id").stringValue();
      }
    }
    throw new AssertionError("no deployment " + name);
  }

  @Test
  void showsItsMetersToPrometheus() {
    answer(body("blocks", 1, "\"n\":2"));

    String metrics = service.get("/actuator/prometheus").body();

    for (String name :
        List.of(
            "unmask_decoding_tokens_total",
            "unmask_decoding_nfe_total",
            "unmask_decoding_cache_hits_total",
            "unmask_decoding_cache_lookups_total",
            "unmask_decoding_tokens_per_forward_count",
            "unmask_decoding_queue_time_seconds_count",
            "unmask_decoding_first_token_seconds_count",
            "unmask_decoding_running",
            "unmask_decoding_queued")) {
      assertThat(metrics).contains(name);
    }
  }

  @Test
  void aDamagedModelFileFailsTheDeploymentAndNamesTheFile(@TempDir Path scratch)
      throws IOException {
    Map<String, byte[]> files = TinyModels.files(scratch, 9, 8);
    byte[] weights = java.util.Objects.requireNonNull(files.get("model.safetensors"));
    files.put("model.safetensors", java.util.Arrays.copyOf(weights, weights.length - 100));
    registry.register("damaged", 1, "champion", files);
    Map<String, byte[]> mismatched = TinyModels.files(scratch, 9, 0);
    mismatched.put("tokenizer.json", "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    registry.register("mismatched", 1, "champion", mismatched);

    JsonNode truncated = service.deploy("damaged", "models:/damaged/1");
    JsonNode odd = service.deploy("mismatched", "models:/mismatched/1");

    assertThat(truncated.get("status").stringValue()).isEqualTo("FAILED");
    assertThat(truncated.get("detail").stringValue())
        .contains("model.safetensors")
        .doesNotContain(scratch.toString());
    assertThat(odd.get("status").stringValue()).isEqualTo("FAILED");
    assertThat(odd.get("detail").stringValue()).contains("tokenizer");
  }

  private String text(String body) {
    return answer(body).at("/choices/0/text").stringValue();
  }

  private JsonNode answer(String body) {
    Answer answer = service.post("/v1/completions", body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static String body(String model, int seed, String more) {
    return "{\"model\":\"%s\",\"prompt\":\"Hello \",\"max_tokens\":32,\"seed\":%d,%s}"
        .formatted(model, seed, more);
  }
}
