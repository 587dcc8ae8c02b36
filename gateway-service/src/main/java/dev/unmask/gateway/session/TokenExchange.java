package dev.unmask.gateway.session;

import dev.unmask.gateway.error.FaultCode;
import dev.unmask.gateway.error.GatewayFault;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import reactor.core.publisher.Mono;

/**
 * Turns an API token into the registry's signed JWT. Concurrent requests with the same token share
 * one call. A registry that is away never makes a good token look bad: callers get 503, not 401.
 */
@Service
public class TokenExchange {
  private static final Logger log = LoggerFactory.getLogger(TokenExchange.class);

  /** A jwt this close to its end may expire on the way to the service. */
  private static final Duration SAFETY = Duration.ofSeconds(5);

  /** How long a stale exchange serves before an absent registry is asked again. */
  private static final Duration BACK_OFF = Duration.ofSeconds(5);

  /** Anything else, a 404 of a wrong address too, says nothing about the token. */
  private static final Set<Integer> REFUSALS = Set.of(400, 401, 403);

  private final RegistryIdentity registry;
  private final ExchangeProperties properties;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final ExchangeCache cache;
  private final ConcurrentMap<String, Mono<Identity>> running = new ConcurrentHashMap<>();

  TokenExchange(
      RegistryIdentity registry,
      ExchangeProperties properties,
      Clock clock,
      MeterRegistry metrics) {
    this.registry = registry;
    this.properties = properties;
    this.clock = clock;
    this.metrics = metrics;
    this.cache = new ExchangeCache(properties.cacheSize());
    metrics.gauge("unmask.gateway.exchange.cached", cache, ExchangeCache::size);
  }

  /**
   * @return the identity behind the token; fails with {@link GatewayFault} UNAUTHENTICATED when the
   *     registry does not know it, UNAVAILABLE when the registry does not answer and no unexpired
   *     exchange is cached
   */
  public Mono<Identity> exchange(ApiToken token) {
    return Mono.defer(
        () -> {
          ExchangeCache.Exchanged cached = cache.get(token.hash());
          if (cached != null && cached.freshAt(clock.instant())) {
            count("cached");
            return Mono.just(cached.identity());
          }
          return running.computeIfAbsent(token.hash(), hash -> sharedCall(token));
        });
  }

  private Mono<Identity> sharedCall(ApiToken token) {
    return registry
        .exchange(new RegistryIdentity.Exchange(token.secret()))
        .timeout(properties.timeout())
        .map(answer -> remember(token, answer))
        .switchIfEmpty(Mono.error(() -> GatewayFault.unavailable("registry-service")))
        .onErrorResume(failure -> afterFailure(token, failure))
        .doFinally(signal -> running.remove(token.hash()))
        .cache();
  }

  private Identity remember(ApiToken token, RegistryIdentity.Exchanged answer) {
    Instant now = clock.instant();
    Identity identity = new Identity(answer.jwt(), answer.expiresAt().minus(SAFETY));
    cache.put(token.hash(), new ExchangeCache.Exchanged(identity, now.plus(properties.freshFor())));
    count("exchanged");
    return identity;
  }

  private Mono<Identity> afterFailure(ApiToken token, Throwable failure) {
    if (failure instanceof WebClientResponseException answer
        && REFUSALS.contains(answer.getStatusCode().value())) {
      cache.remove(token.hash());
      count("refused");
      return Mono.error(unknownToken());
    }
    if (failure instanceof WebClientResponseException.TooManyRequests) {
      count("throttled");
      return Mono.error(
          GatewayFault.retryable(
              FaultCode.RATE_LIMITED,
              "too many wrong tokens; wait a minute",
              Duration.ofMinutes(1)));
    }
    Instant now = clock.instant();
    ExchangeCache.Exchanged stale = cache.get(token.hash());
    if (stale != null && stale.usableAt(now)) {
      cache.put(token.hash(), new ExchangeCache.Exchanged(stale.identity(), now.plus(BACK_OFF)));
      count("stale");
      return Mono.just(stale.identity());
    }
    count("unavailable");
    log.warn("token exchange failed: {}", failure.toString());
    return Mono.error(GatewayFault.unavailable("registry-service"));
  }

  static GatewayFault unknownToken() {
    return GatewayFault.of(
        FaultCode.UNAUTHENTICATED,
        "this API token is unknown, expired or revoked; create a new one and try again");
  }

  private void count(String outcome) {
    metrics.counter("unmask.gateway.exchange", "outcome", outcome).increment();
  }
}
