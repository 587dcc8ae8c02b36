package dev.unmask.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches a service, what does not, and what comes back. */
class ForwardingTest {
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        RunningGateway.start(
            "--unmask.gateway.body-limit.json=10KB",
            "--unmask.gateway.body-limit.inputs=100KB",
            "--unmask.gateway.loopback-metrics=false");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void forwardsNoneOfTheHeadersByWhichServicesTrustEachOther() {
    gateway.send(
        gateway
            .signed("/api/v1/training/jobs")
            .header("Cookie", "unmask_session=x; other=y")
            .header("X-Unmask-Team", "theirs")
            .header("X-Unmask-Client-Address", "192.0.2.7")
            .header("X-Forwarded-For", "10.0.0.1")
            .header("X-Request-Id", "req-1.a")
            .header("User-Agent", "mlflow-java-client/2.17.2"));

    FakeServices.Seen seen = gateway.services.last();
    assertThat(seen.header("Cookie")).isNull();
    assertThat(seen.header("X-Unmask-Team")).isNull();
    assertThat(seen.header("X-Unmask-Client-Address")).isEqualTo("127.0.0.1");
    assertThat(seen.header("X-Forwarded-For")).isNull();
    assertThat(seen.header("X-Request-Id")).isEqualTo("req-1.a");
    assertThat(seen.header("User-Agent")).isEqualTo("mlflow-java-client/2.17.2");
  }

  @Test
  void returnsOneRequestIdAndReplacesAnInsaneOne() {
    HttpResponse<String> kept =
        gateway.send(gateway.signed("/v1/models").header("X-Request-Id", "abc-1"));
    HttpResponse<String> replaced =
        gateway.send(gateway.signed("/v1/models").header("X-Request-Id", "a b<script>"));

    assertThat(kept.headers().allValues("X-Request-Id")).containsExactly("abc-1");
    assertThat(replaced.headers().allValues("X-Request-Id"))
        .singleElement()
        .asString()
        .matches("[0-9a-f]{32}");
    assertThat(gateway.services.last().header("X-Request-Id"))
        .isEqualTo(replaced.headers().firstValue("X-Request-Id").orElseThrow());
  }

  @Test
  void putsSecurityHeadersOnForwardedAnswersAndNamesNoServer() {
    HttpResponse<String> answer = gateway.send(gateway.signed("/v1/models"));

    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'self'", "frame-ancestors 'none'");
    assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(answer.headers().firstValue("Server")).isEmpty();
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void takesATokenAsTheBasicPasswordAsMlflowClientsSendIt() {
    String basic =
        Base64.getEncoder()
            .encodeToString(
                ("anybody:" + FakeServices.GOOD_TOKEN).getBytes(StandardCharsets.UTF_8));

    HttpResponse<String> answer =
        gateway.send(
            gateway.request("/api/2.0/mlflow/runs/get").header("Authorization", "Basic " + basic));

    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE", "PATCH", "POST", "PUT"})
  void forwardsTheBodyOfEveryMethod(String method) {
    gateway.send(
        gateway
            .signed("/api/2.0/mlflow/registered-models/alias")
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString("{\"name\":\"demo\"}")));

    assertThat(gateway.services.last().method()).isEqualTo(method);
    assertThat(gateway.services.last().body()).isEqualTo("{\"name\":\"demo\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"log-metric", "log-parameter", "log-batch", "set-tag"})
  void countsWhatLogsToRunsApartFromOtherRequests(String call) {
    for (String prefix : List.of("/api/2.0/mlflow/runs/", "/ajax-api/2.0/mlflow/runs/")) {
      assertThat(gateway.send(gateway.signed(prefix + call)).headers().map())
          .containsEntry("x-ratelimit-limit-requests", List.of("4000"));
      assertThat(gateway.send(gateway.signed(prefix + "search")).headers().map())
          .containsEntry("x-ratelimit-limit-requests", List.of("1000"));
    }
  }

  @Test
  void keepsQueriesAndEscapesAsTheyCame() {
    gateway.send(gateway.signed("/api/2.0/mlflow/metrics/get-history?metric_key=a%2Fb&x=%20&x=1"));

    assertThat(gateway.services.last().uri().getRawQuery()).isEqualTo("metric_key=a%2Fb&x=%20&x=1");
  }

  @Test
  void survivesAnOfferToUpgradeToHttp2() throws Exception {
    try (HttpClient offering = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpRequest request =
          gateway
              .signed("/api/v1/training/jobs")
              .POST(BodyPublishers.ofString("{\"corpus\":\"x\"}"))
              .build();

      HttpResponse<String> answer = offering.send(request, BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(gateway.services.last().body()).isEqualTo("{\"corpus\":\"x\"}");
      assertThat(gateway.services.last().header("HTTP2-Settings")).isNull();
    }
  }

  @Test
  void refusesABodyThatSaysItIsTooLarge() {
    HttpResponse<String> answer =
        gateway.send(
            gateway.signed("/v1/completions").POST(BodyPublishers.ofString("x".repeat(20_000))));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("\"code\":\"body_too_large\"", "10240 bytes");
  }

  @Test
  void refusesABodyThatTurnsOutTooLarge() {
    byte[] much = new byte[200_000];

    HttpResponse<String> answer =
        gateway.send(
            gateway
                .signed("/api/2.0/mlflow/runs/log-batch")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(much))));

    assertThat(answer.statusCode()).isEqualTo(413);
    // The registry's word for the same refusal, which it gives where its own limit is lower.
    assertThat(answer.body()).contains("\"error_code\":\"INVALID_PARAMETER_VALUE\"");
  }

  @Test
  void letsACorpusBeLargerThanJson() {
    HttpResponse<String> answer =
        gateway.send(
            gateway
                .signed("/api/v1/training/corpora?name=x")
                .POST(BodyPublishers.ofString("x".repeat(300_000))));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(gateway.services.last().body()).hasSize(300_000);
  }

  @Test
  void letsDatasetsOfARunBeLargerThanOtherJson() {
    HttpResponse<String> taken =
        gateway.send(
            gateway
                .signed("/api/2.0/mlflow/runs/log-inputs")
                .POST(BodyPublishers.ofString("x".repeat(50_000))));
    HttpResponse<String> refused =
        gateway.send(
            gateway
                .signed("/api/2.0/mlflow/runs/log-inputs")
                .POST(BodyPublishers.ofString("x".repeat(200_000))));

    assertThat(taken.statusCode()).isEqualTo(200);
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains("102400 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/get-artifact", "/model-versions/get-artifact"})
  void forwardsDownloadLinksWithTheirQueryAndTheServicesHeaders(String link) {
    HttpResponse<String> answer = gateway.send(gateway.signed(link + "?run_id=a&path=b%2Fc.html"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(gateway.services.last().uri().getRawQuery()).isEqualTo("run_id=a&path=b%2Fc.html");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
  }

  @Test
  void streamsEventByEventAndTellsTheServiceWhenTheClientLeaves() throws Exception {
    HttpRequest request = gateway.signed("/api/v1/training/jobs/1/events").build();
    HttpClient client = HttpClient.newHttpClient();
    HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());

    byte[] first = answer.body().readNBytes("data: first\n\n".length());
    // The service writes the second event only after this point, so the first was not held back.
    gateway.services.goOn.countDown();
    byte[] second = answer.body().readNBytes("data: more\n\n".length());
    client.shutdownNow();

    assertThat(new String(first, StandardCharsets.UTF_8)).isEqualTo("data: first\n\n");
    assertThat(new String(second, StandardCharsets.UTF_8)).isEqualTo("data: more\n\n");
    assertThat(gateway.services.clientLeft.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/identity/tokens/../exchange",
        "/api/v1/identity/tokens/%2e%2e/exchange",
        "/api/v1/identity/tokens/%252e%252e/exchange",
        "/api/v1/identity/tokens;/../exchange",
        "/api/v1/identity//exchange",
        "/api/v1/registry/models/a%2Fb",
        "/api/v1/registry/models/a%5cb",
        "/api/v1/registry/models/a%00b"
      })
  void refusesPathsThatAServiceCouldReadDifferently(String path) throws IOException {
    String status = statusOfRaw("GET", path, "Host: 127.0.0.1");

    assertThat(status).contains(" 400 ");
  }

  @Test
  void refusesAForeignHostName() throws IOException {
    assertThat(statusOfRaw("GET", "/", "Host: evil.example")).contains(" 403 ");
    assertThat(statusOfRaw("GET", "/v1/models", "Host: evil.example:8080")).contains(" 403 ");
    assertThat(statusOfRaw("GET", "/", "Host: localhost:8080")).contains(" 200 ");
    assertThat(statusOfRaw("GET", "/", "Host: [::1]:8080")).contains(" 200 ");
    assertThat(statusOfRaw("GET", "/health", "Host: 10.0.0.7")).contains(" 200 ");
  }

  @Test
  void refusesAStateChangingRequestOfAForeignPage() throws IOException {
    String target = "127.0.0.1:" + gateway.port();
    assertThat(
            statusOfRaw(
                "POST", "/api/v1/session", "Host: " + target, "Origin: http://evil.example"))
        .contains(" 403 ");
    assertThat(
            statusOfRaw(
                "OPTIONS",
                "/v1/models",
                "Host: " + target,
                "Origin: http://evil.example",
                "Access-Control-Request-Method: POST"))
        .contains(" 403 ");
  }

  @Test
  void showsMetricsToATokenOnlyWhenLoopbackDoesNotCount() {
    HttpResponse<String> without = gateway.send(gateway.request("/actuator/prometheus"));
    HttpResponse<String> with = gateway.send(gateway.signed("/actuator/prometheus"));

    assertThat(without.statusCode()).isEqualTo(401);
    assertThat(with.statusCode()).isEqualTo(200);
    assertThat(with.body()).contains("unmask_gateway_exchange_total");
  }

  /** The status line of a request written by hand, which no client would send like this. */
  private String statusOfRaw(String method, String path, String... headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
      String request =
          String.format(
              Locale.ROOT,
              "%s %s HTTP/1.1\r\n%s\r\nAuthorization: Bearer %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
              method,
              path,
              String.join("\r\n", headers),
              FakeServices.GOOD_TOKEN);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.lines().findFirst().orElse("");
    }
  }
}
