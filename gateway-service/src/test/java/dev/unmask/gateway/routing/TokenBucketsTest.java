package dev.unmask.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.gateway.error.FaultCode;
import dev.unmask.gateway.error.GatewayFault;
import dev.unmask.gateway.routing.RoutingProperties.RateKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;

class TokenBucketsTest {
  private final RoutingProperties properties =
      bind(
          java.util.Map.of(
              "unmask.gateway.rate.per-second", "2", "unmask.gateway.rate.burst", "3"));
  private final TokenBuckets buckets =
      new TokenBuckets(
          properties, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), new SimpleMeterRegistry());

  @Test
  void refusesTheRequestAfterTheBurstAndSaysWhenToComeBack() {
    HttpHeaders headers = new HttpHeaders();
    for (int i = 0; i < 3; i++) {
      buckets.take("a", RateKind.GENERAL, headers);
    }

    assertThat(headers.getFirst("x-ratelimit-remaining-requests")).isEqualTo("0");
    assertThatThrownBy(() -> buckets.take("a", RateKind.GENERAL, headers))
        .isInstanceOfSatisfying(
            GatewayFault.class,
            fault -> {
              assertThat(fault.code()).isEqualTo(FaultCode.RATE_LIMITED);
              assertThat(fault.retryAfter()).isNotNull();
            });
  }

  @Test
  void countsEveryCallerAlone() {
    HttpHeaders headers = new HttpHeaders();
    for (int i = 0; i < 3; i++) {
      buckets.take("a", RateKind.GENERAL, headers);
    }

    buckets.take("b", RateKind.GENERAL, headers);

    assertThat(headers.getFirst("x-ratelimit-remaining-requests")).isEqualTo("2");
  }

  @Test
  void countsLoggingApart() {
    HttpHeaders headers = new HttpHeaders();
    for (int i = 0; i < 3; i++) {
      buckets.take("a", RateKind.GENERAL, headers);
    }

    buckets.take("a", RateKind.LOG, headers);

    assertThat(headers.getFirst("x-ratelimit-limit-requests")).isEqualTo("4000");
    assertThat(headers.getFirst("x-ratelimit-remaining-requests")).isEqualTo("3999");
    assertThatThrownBy(() -> buckets.take("a", RateKind.GENERAL, headers))
        .isInstanceOf(GatewayFault.class);
  }

  @Test
  void hasTheDocumentedDefaults() {
    RoutingProperties defaults = bind(java.util.Map.of("unmask.gateway.loopback-metrics", "true"));

    assertThat(defaults.allowedHosts()).isEqualTo(Set.of("localhost", "127.0.0.1", "[::1]"));
    assertThat(defaults.bodyLimit().json()).isEqualTo(DataSize.ofMegabytes(1));
    assertThat(defaults.bodyLimit().corpus()).isEqualTo(DataSize.ofGigabytes(2));
    assertThat(defaults.rate().perSecond()).isEqualTo(300);
    assertThat(defaults.rate().burst()).isEqualTo(1000);
    assertThat(defaults.logRate().perSecond()).isEqualTo(2000);
    assertThat(defaults.logRate().burst()).isEqualTo(4000);
  }

  private static RoutingProperties bind(java.util.Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(values))
        .bind("unmask.gateway", RoutingProperties.class)
        .get();
  }
}
