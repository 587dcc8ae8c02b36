package dev.unmask.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.gateway.error.FaultCode;
import dev.unmask.gateway.error.GatewayFault;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class TokenExchangeTest {
  private static final ApiToken TOKEN = ApiToken.of("umk_0123456789abcdefghij").orElseThrow();

  private final HandClock clock = new HandClock();
  private final AtomicInteger calls = new AtomicInteger();
  private Mono<RegistryIdentity.Exchanged> answer = Mono.error(new AssertionError("not set"));
  private final TokenExchange exchange = exchange(100);

  private TokenExchange exchange(int cacheSize) {
    return new TokenExchange(
        request ->
            Mono.defer(
                () -> {
                  calls.incrementAndGet();
                  return answer;
                }),
        new ExchangeProperties(cacheSize, Duration.ofSeconds(60), Duration.ofSeconds(5)),
        clock,
        new SimpleMeterRegistry());
  }

  @Test
  void asksOnceForConcurrentRequestsWithTheSameToken() {
    Sinks.One<RegistryIdentity.Exchanged> late = Sinks.one();
    answer = late.asMono();

    Mono<Identity> first = exchange.exchange(TOKEN).cache();
    first.subscribe();
    Mono<Identity> second = exchange.exchange(TOKEN).cache();
    second.subscribe();
    late.tryEmitValue(lasting(Duration.ofMinutes(5))).orThrow();

    assertThat(first.block()).isEqualTo(second.block());
    assertThat(calls).hasValue(1);
  }

  @Test
  void asksAgainWhenAnExchangeIsNoLongerFresh() {
    answer = Mono.just(lasting(Duration.ofMinutes(5)));

    exchange.exchange(TOKEN).block();
    clock.advance(Duration.ofSeconds(59));
    exchange.exchange(TOKEN).block();
    assertThat(calls).hasValue(1);
    clock.advance(Duration.ofSeconds(2));
    exchange.exchange(TOKEN).block();

    assertThat(calls).hasValue(2);
  }

  @Test
  void goesOnWithAnUnexpiredExchangeWhileTheRegistryIsAway() {
    answer = Mono.just(lasting(Duration.ofMinutes(5)));
    exchange.exchange(TOKEN).block();

    answer = Mono.error(failure(HttpStatus.SERVICE_UNAVAILABLE));
    clock.advance(Duration.ofMinutes(4));

    assertThat(exchange.exchange(TOKEN).block()).isNotNull();
  }

  @Test
  void answers503AndNever401WhenTheRegistryIsAwayAndNothingIsCached() {
    answer = Mono.error(failure(HttpStatus.SERVICE_UNAVAILABLE));
    assertFault(FaultCode.UNAVAILABLE);

    answer = Mono.just(lasting(Duration.ofMinutes(5)));
    exchange.exchange(TOKEN).block();
    clock.advance(Duration.ofMinutes(6));
    answer = Mono.error(new java.net.ConnectException("refused"));

    assertFault(FaultCode.UNAVAILABLE);
  }

  @Test
  void forgetsARevokedTokenAtTheNextAnswer() {
    answer = Mono.just(lasting(Duration.ofMinutes(5)));
    exchange.exchange(TOKEN).block();
    answer = Mono.error(failure(HttpStatus.UNAUTHORIZED));
    clock.advance(Duration.ofSeconds(61));

    assertFault(FaultCode.UNAUTHENTICATED);
    answer = Mono.error(failure(HttpStatus.SERVICE_UNAVAILABLE));
    assertFault(FaultCode.UNAVAILABLE);
  }

  @Test
  void neverUsesAnExpiredJwt() {
    answer = Mono.just(lasting(Duration.ofSeconds(30)));
    exchange.exchange(TOKEN).block();
    clock.advance(Duration.ofSeconds(26));

    exchange.exchange(TOKEN).block();

    assertThat(calls).hasValue(2);
  }

  @Test
  void remembersAtMostAsManyTokensAsConfigured() {
    TokenExchange small = exchange(2);
    answer = Mono.just(lasting(Duration.ofMinutes(5)));

    Flux.range(0, 3)
        .concatMap(i -> small.exchange(ApiToken.of("umk_0123456789abcdefgh" + i).orElseThrow()))
        .blockLast();
    small.exchange(ApiToken.of("umk_0123456789abcdefgh0").orElseThrow()).block();

    assertThat(calls).hasValue(4);
  }

  private void assertFault(FaultCode code) {
    assertThatThrownBy(() -> exchange.exchange(TOKEN).block())
        .isInstanceOfSatisfying(
            GatewayFault.class, fault -> assertThat(fault.code()).isEqualTo(code));
  }

  private RegistryIdentity.Exchanged lasting(Duration life) {
    return new RegistryIdentity.Exchanged("a.b.c", clock.instant().plus(life));
  }

  private static WebClientResponseException failure(HttpStatus status) {
    return WebClientResponseException.create(
        status.value(), status.getReasonPhrase(), HttpHeaders.EMPTY, new byte[0], null);
  }

  private static final class HandClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void advance(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
