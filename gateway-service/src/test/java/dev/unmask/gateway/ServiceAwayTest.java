package dev.unmask.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What callers see while a service behind the gateway does not answer. */
class ServiceAwayTest {
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        RunningGateway.start(
            "--unmask.inference.url=http://127.0.0.1:" + closedPort(),
            "--unmask.gateway.exchange.fresh-for=0s");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void namesTheServiceThatIsAwayInTheShapeOfTheRoute() {
    HttpResponse<String> ours = gateway.send(gateway.signed("/api/v1/inference/deployments"));
    HttpResponse<String> openAi = gateway.send(gateway.signed("/v1/models"));

    assertThat(ours.statusCode()).isEqualTo(503);
    assertThat(ours.body()).contains("inference-service does not answer", "\"UNAVAILABLE\"");
    assertThat(ours.headers().firstValue("Retry-After")).isPresent();
    assertThat(openAi.statusCode()).isEqualTo(503);
    assertThat(openAi.body()).contains("\"error\":{", "inference-service");
  }

  @Test
  void keepsKnownTokensWorkingWhileTheRegistryIsAwayAndCallsOthersUnavailable() {
    assertThat(gateway.send(gateway.signed("/api/v1/training/jobs")).statusCode()).isEqualTo(200);

    gateway.services.registryAway = true;
    HttpResponse<String> known = gateway.send(gateway.signed("/api/v1/training/jobs"));
    HttpResponse<String> unknown =
        gateway.send(
            gateway
                .request("/api/2.0/mlflow/runs/get")
                .header("Authorization", "Bearer umk_neverneverneverseenbefore"));
    gateway.services.registryAway = false;

    assertThat(known.statusCode()).isEqualTo(200);
    assertThat(unknown.statusCode()).isEqualTo(503);
    assertThat(unknown.headers().firstValue("Retry-After")).isPresent();
    assertThat(unknown.body()).contains("\"error_code\":\"TEMPORARILY_UNAVAILABLE\"");
  }

  private static int closedPort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
