package dev.unmask.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.inference.RunningService.Answer;
import dev.unmask.inference.engine.ScriptedModel;
import dev.unmask.testing.Await;
import dev.unmask.testing.PostgresExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompletionsIT {
  private static final String COMPLETIONS = "/v1/completions";

  private FakeRegistry registry;
  private RunningService service;
  private ScriptedModel model;

  @BeforeAll
  void start(@TempDir Path data) throws IOException {
    registry = new FakeRegistry();
    registry.register(
        "demo", 3, "champion", Map.of("config.json", "{}".getBytes(StandardCharsets.UTF_8)));
    service =
        RunningService.scripted(
            PostgresExtension.freshDatabase(),
            data,
            registry.url(),
            "--unmask.inference.engine.max-running-requests=2",
            "--unmask.inference.engine.max-queued-requests=8");
    model = service.script();
    assertThat(service.deploy("first", "models:/demo@champion").get("status").stringValue())
        .isEqualTo("READY");
  }

  @AfterAll
  void stop() {
    model.permits.release(100_000);
    service.close();
    registry.close();
  }

  @AfterEach
  void letStepsRun() {
    model.permits.release(1_000_000);
    Await.until("nothing runs", RunningService.SOON, () -> model.openDenoisings.get() == 0);
  }

  @Test
  void completesAPromptWithUsageSettingsAndTheVersionThatAnswered() {
    Answer answer =
        service.post(
            COMPLETIONS,
            """
            {"model": "demo", "prompt": "ab", "max_tokens": 8, "seed": 2, "temperature": 0.5,
             "diffusion": {"tokens_per_step": 2, "cache": "none"}, "user": "u", "x": 1}""");

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    JsonNode json = answer.json();
    assertThat(json.at("/object").stringValue()).isEqualTo("text_completion");
    assertThat(json.at("/model").stringValue()).isEqualTo("demo:3");
    assertThat(json.at("/choices/0/text").stringValue()).isEqualTo("cdefghij");
    assertThat(json.at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
    assertThat(json.at("/choices/0").has("logprobs")).isTrue();
    assertThat(json.at("/usage/prompt_tokens").intValue()).isEqualTo(2);
    assertThat(json.at("/usage/completion_tokens").intValue()).isEqualTo(8);
    assertThat(json.at("/usage/total_tokens").intValue()).isEqualTo(10);
    assertThat(json.at("/usage/diffusion/nfe").intValue()).isEqualTo(4);
    assertThat(json.at("/usage/diffusion/steps").intValue()).isEqualTo(4);
    assertThat(json.at("/usage/diffusion/tokens_per_forward").doubleValue()).isEqualTo(2);
    assertThat(json.at("/usage/diffusion/tokens_per_second").doubleValue()).isPositive();
    assertThat(json.at("/usage/diffusion/ms_per_forward").doubleValue()).isPositive();
    assertThat(json.at("/diffusion/tokens_per_step").intValue()).isEqualTo(2);
    assertThat(json.at("/diffusion/cache").stringValue()).isEqualTo("none");
    assertThat(json.at("/diffusion/seed").longValue()).isEqualTo(2);
    assertThat(json.at("/diffusion/temperature").doubleValue()).isEqualTo(0.5);
    assertThat(answer.header("X-Unmask-Model-Version")).isEqualTo("3");
    assertThat(answer.header("x-request-id")).isNotBlank();
  }

  @Test
  void answersAnArrayOfPromptsInOrderWithSamplesOfEach() {
    JsonNode json =
        service
            .post(
                COMPLETIONS,
                """
                {"model": "demo@champion", "prompt": ["x", "y"], "n": 2, "max_tokens": 4, "seed": 0,
                 "echo": true}""")
            .json();

    assertThat(texts(json)).containsExactly("xabcd", "xbcde", "yabcd", "ybcde");
    assertThat(json.at("/choices/3/index").intValue()).isEqualTo(3);
    assertThat(json.at("/usage/completion_tokens").intValue()).isEqualTo(16);
  }

  @Test
  void takesTokenIdsAsPrompts() {
    JsonNode one =
        service
            .post(
                COMPLETIONS,
                "{\"model\":\"demo:3\",\"prompt\":[104,105],\"max_tokens\":4,\"seed\":0,\"echo\":true}")
            .json();
    JsonNode two =
        service
            .post(
                COMPLETIONS,
                "{\"model\":\"demo:3\",\"prompt\":[[104],[105]],\"max_tokens\":4,\"seed\":0,\"echo\":true}")
            .json();

    assertThat(texts(one)).containsExactly("hiabcd");
    assertThat(texts(two)).containsExactly("habcd", "iabcd");
  }

  @Test
  void endsAtAStopTextWithoutShowingIt() {
    Answer whole =
        service.post(
            COMPLETIONS,
            "{\"model\":\"demo\",\"prompt\":\"\",\"max_tokens\":20,\"seed\":0,\"stop\":[\"zz\",\"fg\"]}");
    Answer streamed =
        service.post(
            COMPLETIONS,
            "{\"model\":\"demo\",\"prompt\":\"\",\"max_tokens\":20,\"seed\":0,\"stop\":\"fg\",\"stream\":true}");

    assertThat(texts(whole.json())).containsExactly("abcde");
    assertThat(whole.json().at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
    assertThat(streamed.text(0)).isEqualTo("abcde");
  }

  @Test
  void streamsCommittedTextThenUsageThenDone() {
    Answer answer =
        service.post(
            COMPLETIONS,
            """
            {"model": "demo", "prompt": "a", "max_tokens": 12, "seed": 0, "stream": true,
             "stream_options": {"include_usage": true}}""");

    assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
    assertThat(answer.header("Cache-Control")).contains("no-cache");
    assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
    assertThat(answer.events().getLast()).isEqualTo("[DONE]");
    assertThat(answer.text(0)).isEqualTo(ScriptedModel.answer(0, 12));
    JsonNode usage = answer.chunks().getLast();
    assertThat(usage.get("choices").isEmpty()).isTrue();
    assertThat(usage.at("/usage/completion_tokens").intValue()).isEqualTo(12);
    JsonNode last = answer.chunks().get(answer.chunks().size() - 2);
    assertThat(last.at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
    assertThat(last.has("usage")).isFalse();
  }

  @Test
  void showsEveryDenoisingStepWhenAsked() {
    Answer answer =
        service.post(
            COMPLETIONS,
            """
            {"model": "demo", "prompt": "a", "max_tokens": 6, "seed": 0, "stream": true,
             "stream_options": {"include_denoising": true}}""");

    List<JsonNode> steps =
        answer.chunks().stream().filter(chunk -> chunk.has("x_denoise")).toList();
    assertThat(steps).hasSize(2);
    assertThat(steps.getFirst().get("choices").isEmpty()).isTrue();
    JsonNode first = steps.getFirst().get("x_denoise");
    assertThat(first.get("step").intValue()).isOne();
    assertThat(first.get("nfe").intValue()).isOne();
    assertThat(first.get("block").intValue()).isZero();
    assertThat(first.get("masked_left").intValue()).isEqualTo(2);
    assertThat(first.get("text_with_masks").stringValue()).isEqualTo("abcd\u2591\u2591");
    assertThat(first.at("/committed/1/pos").intValue()).isOne();
    assertThat(first.at("/committed/1/token").stringValue()).isEqualTo("b");
    assertThat(first.at("/committed/1/p").doubleValue()).isEqualTo(0.9);
  }

  @Test
  void listsTheNamesOfReadyDeploymentsOfTheTeam() {
    JsonNode list = service.get("/v1/models").json();
    List<String> ids = new ArrayList<>();
    list.get("data").forEach(entry -> ids.add(entry.get("id").stringValue()));

    assertThat(list.get("object").stringValue()).isEqualTo("list");
    assertThat(ids).contains("demo", "demo:3", "demo@champion", "first");
    assertThat(service.get("/v1/models/demo@champion").json().get("id").stringValue())
        .isEqualTo("demo@champion");
    assertThat(service.as("stranger", "/v1/models", null).json().get("data").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|model|invalid_value",
        "{'model':'demo'}|prompt|invalid_value",
        "{'model':'demo','prompt':5}|prompt|invalid_value",
        "{'model':'demo','prompt':[]}|prompt|invalid_value",
        "{'model':'demo','prompt':[[999]]}|prompt|invalid_value",
        "{'model':'demo','prompt':'a','temperature':3}|temperature|invalid_value",
        "{'model':'demo','prompt':'a','temperature':'hot'}|temperature|invalid_value",
        "{'model':'demo','prompt':'a','top_p':0}|top_p|invalid_value",
        "{'model':'demo','prompt':'a','max_tokens':0}|max_tokens|invalid_value",
        "{'model':'demo','prompt':'a','n':5}|n|invalid_value",
        "{'model':'demo','prompt':'a','seed':1.5}|seed|invalid_value",
        "{'model':'demo','prompt':'a','stop':['a','b','c','d','e']}|stop|invalid_value",
        "{'model':'demo','prompt':'a','stream_options':{'include_usage':true}}|stream_options|invalid_value",
        "{'model':'demo','prompt':'a','threshold':2}|threshold|invalid_value",
        "{'model':'demo','prompt':'a','diffusion':{'threshold':0}}|diffusion.threshold|invalid_value",
        "{'model':'demo','prompt':'a','diffusion':{'cache':'magic'}}|diffusion.cache|invalid_value",
        "{'model':'demo','prompt':'a','diffusion':{'cache':'dual'}}|cache|invalid_value",
        "{'model':'demo','prompt':'a','diffusion':{'colour':1}}|diffusion.colour|unsupported_parameter",
        "{'model':'demo','prompt':'a','factor':1,'threshold':0.5}|factor|invalid_value",
        "{'model':'demo','prompt':'a','steps':0}|steps|invalid_value",
        "{'model':'demo','prompt':'a','steps':4,'threshold':0.5}|steps|invalid_value",
        "{'model':'demo','prompt':'a','remasking':'random'}|algorithm|invalid_value",
        "{'model':'demo','prompt':'a','diffusion':{'algorithm':'magic'}}|algorithm|invalid_value",
        "{'model':'demo','prompt':'a','alg':'even','remasking':'even'}|alg|invalid_value",
        "{'model':'demo','prompt':'a','alg':'even','factor':1}|factor|invalid_value",
        "{'model':'demo','prompt':'a','alg':'even','threshold':0.5}|threshold|invalid_value",
        "{'model':'demo','prompt':'a','top_k':-1}|top_k|invalid_value",
        "{'model':'demo','prompt':'a','cfg_scale':-1}|cfg_scale|invalid_value",
        "{'model':'demo','prompt':'a','logprobs':1}|logprobs|unsupported_parameter",
        "{'model':'demo','prompt':'a','logit_bias':{'5':1}}|logit_bias|unsupported_parameter",
        "{'model':'demo','prompt':'a','best_of':3}|best_of|unsupported_parameter",
        "{'model':'demo','prompt':'a','presence_penalty':1}|presence_penalty|unsupported_parameter",
        "{'model':'demo','prompt':'a','response_format':{'type':'json_schema'}}|response_format|unsupported_parameter",
        "{'model':'demo','prompt':'a','max_tokens':512}|prompt|context_length_exceeded",
      })
  void refusesABadRequestAndNamesTheParameter(String body, String param, String code) {
    int before = model.startedPrompts.size();

    Answer answer = service.post(COMPLETIONS, body.replace('\'', '"'));

    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.json().at("/error/param").stringValue()).isEqualTo(param);
    assertThat(answer.json().at("/error/code").stringValue()).isEqualTo(code);
    assertThat(answer.json().at("/error/type").stringValue()).isEqualTo("invalid_request_error");
    assertThat(answer.json().at("/error/message").stringValue()).contains(" ");
    assertThat(model.startedPrompts).hasSize(before);
  }

  @Test
  void acceptsTheFlatNamesOfOtherClients() {
    JsonNode json =
        service
            .post(
                COMPLETIONS,
                """
                {"model": "demo", "prompt": "a", "gen_length": 8, "steps": 2, "block_length": 8,
                 "remasking": "even", "cache": "block", "cfg_scale": 0}""")
            .json();

    assertThat(json.at("/diffusion/tokens_per_step").intValue()).isEqualTo(4);
    assertThat(json.at("/diffusion/block_length").intValue()).isEqualTo(8);
    assertThat(json.at("/usage/diffusion/nfe").intValue()).isEqualTo(2);
    assertThat(json.at("/usage/diffusion/cache_hit_rate").doubleValue()).isEqualTo(0.75);
  }

  @Test
  void answersErrorsOfEveryKindInOpenAisShape() {
    String body = "{\"model\":\"nobody\",\"prompt\":\"a\"}";
    Answer unknown = service.post(COMPLETIONS, body);
    Answer notMine = service.as("stranger", COMPLETIONS, "{\"model\":\"demo\",\"prompt\":\"a\"}");
    Answer viewer = service.as("viewer", COMPLETIONS, body);
    Answer noJson = service.post(COMPLETIONS, "{\"model\":");
    Answer route = service.get("/v1/embeddings");
    Answer large = service.post(COMPLETIONS, "{\"model\":\"" + "x".repeat(2_100_000) + "\"}");
    Answer explodes = service.post(COMPLETIONS, "{\"model\":\"demo\",\"prompt\":\"explode\"}");

    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().at("/error/code").stringValue()).isEqualTo("model_not_found");
    assertThat(notMine.status()).isEqualTo(404);
    assertThat(viewer.status()).isEqualTo(403);
    assertThat(viewer.json().at("/error/type").stringValue()).isEqualTo("permission_error");
    assertThat(noJson.status()).isEqualTo(400);
    assertThat(noJson.json().at("/error/type").stringValue()).isEqualTo("invalid_request_error");
    assertThat(route.status()).isEqualTo(404);
    assertThat(route.json().at("/error/code").stringValue()).isEqualTo("unknown_url");
    assertThat(large.status()).isEqualTo(413);
    assertThat(explodes.status()).isEqualTo(500);
    assertThat(explodes.body()).contains("server_error").doesNotContain("asked to");
  }

  @Test
  void anErrorInMidStreamIsTheLastEvent() {
    Answer answer =
        service.post(COMPLETIONS, "{\"model\":\"demo\",\"prompt\":\"explode\",\"stream\":true}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.events()).hasSize(1);
    assertThat(answer.chunks().getFirst().at("/error/type").stringValue())
        .isEqualTo("server_error");
  }

  @Test
  void answersAFullQueueWith429AndRetryAfter() {
    model.permits.drainPermits();
    String nine =
        "{\"model\":\"demo\",\"prompt\":[\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\"],\"max_tokens\":4}";
    CompletableFuture<Answer> accepted =
        CompletableFuture.supplyAsync(() -> service.post(COMPLETIONS, nine));
    Await.until("it runs", RunningService.SOON, () -> model.openDenoisings.get() > 0);

    Answer refused =
        service.post(COMPLETIONS, "{\"model\":\"demo\",\"prompt\":[\"b\",\"b\"],\"max_tokens\":4}");

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isNotBlank();
    assertThat(refused.json().at("/error/code").stringValue()).isEqualTo("rate_limit_exceeded");
    model.permits.release(1_000);
    assertThat(accepted.join().status()).isEqualTo(200);
  }

  @Test
  void stopsComputingWhenTheClientClosesItsStream() throws IOException {
    model.permits.drainPermits();
    HttpResponse<InputStream> response =
        service.open(
            COMPLETIONS,
            "{\"model\":\"demo\",\"prompt\":\"cancel me\",\"max_tokens\":400,\"seed\":0,\"stream\":true}");
    model.permits.release(1);
    try (InputStream body = response.body()) {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
      assertThat(lines.lines().filter(line -> line.startsWith("data:")).findFirst())
          .hasValueSatisfying(line -> assertThat(line).contains("abcd"));
    }

    assertEndsWithFewSteps();
  }

  @Test
  void stopsComputingWhenTheClientsConnectionBreaks() throws IOException {
    model.permits.drainPermits();
    try (Socket socket = new Socket("127.0.0.1", service.base().getPort())) {
      String body = "{\"model\":\"demo\",\"prompt\":\"x\",\"max_tokens\":400,\"stream\":true}";
      String token =
          service
              .request("/", "member")
              .build()
              .headers()
              .firstValue("Authorization")
              .orElseThrow();
      socket
          .getOutputStream()
          .write(
              ("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                      + "Authorization: "
                      + token
                      + "\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.UTF_8));
      model.permits.release(1);
      assertThat(socket.getInputStream().read()).isPositive();
      socket.setSoLinger(true, 0); // a reset, as a crashed client leaves behind
    }

    assertEndsWithFewSteps();
  }

  /** The permit that was given and the step under way; then nothing although steps may run. */
  private void assertEndsWithFewSteps() {
    int before = model.steps.get();
    Await.until(
        "the request left the engine",
        RunningService.SOON,
        () -> {
          boolean done = model.openDenoisings.get() == 0;
          if (!done && model.permits.availablePermits() == 0) {
            model.permits.release(1);
          }
          return done;
        });
    assertThat(model.steps.get() - before).isLessThan(100 - 1);
  }

  private static List<String> texts(JsonNode json) {
    List<String> texts = new ArrayList<>();
    json.get("choices").forEach(choice -> texts.add(choice.get("text").stringValue()));
    return texts;
  }
}
