package dev.unmask.registry.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metrics tell what an installation does: a token, or a network that is open to scrapers. */
class MetricsAccessIT {

  @Test
  void showsMetricsToTheLoopbackInterfaceUnlessTold() {
    Answer answer = RegistryServer.shared().anonymous().get("/actuator/prometheus");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).contains("unmask_registry_metric_points_total");
  }

  @ParameterizedTest
  @CsvSource({"X-Forwarded-For,192.0.2.1", "Forwarded,for=192.0.2.1", "Via,1.1 proxy"})
  void doesNotTakeAProxyForAScraper(String header, String value) {
    RegistryServer registry = RegistryServer.shared();

    Answer answer =
        registry
            .anonymous()
            .send("GET", "/actuator/prometheus", BodyPublishers.noBody(), header, value);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.json().get("code").stringValue()).isEqualTo("UNAUTHENTICATED");
    assertThat(registry.owner().get("/actuator/prometheus").status()).isEqualTo(200);
    assertThat(
            registry
                .anonymous()
                .send("GET", "/actuator/health/readiness", BodyPublishers.noBody(), header, value)
                .status())
        .isEqualTo(200);
  }
}
