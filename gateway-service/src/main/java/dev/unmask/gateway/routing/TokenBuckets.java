package dev.unmask.gateway.routing;

import dev.unmask.gateway.error.FaultCode;
import dev.unmask.gateway.error.GatewayFault;
import dev.unmask.gateway.routing.RoutingProperties.Limit;
import dev.unmask.gateway.routing.RoutingProperties.RateKind;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * One token bucket a caller and kind of request, in this gateway's memory; the least recently used
 * one makes room.
 */
@Component
class TokenBuckets {
  private static final int REMEMBERED = 10_000;

  private final RoutingProperties properties;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final Map<Key, Bucket> buckets =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Bucket> eldest) {
          return size() > REMEMBERED;
        }
      };

  TokenBuckets(RoutingProperties properties, Clock clock, MeterRegistry metrics) {
    this.properties = properties;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * Takes one token out of the caller's bucket for such requests and says in the headers what is
   * left.
   *
   * @throws GatewayFault RATE_LIMITED when the bucket is empty
   */
  void take(String caller, RateKind kind, HttpHeaders answer) {
    Limit rate = properties.limit(kind);
    double left = takeFrom(new Key(caller, kind), rate);
    answer.set("x-ratelimit-limit-requests", Integer.toString(rate.burst()));
    answer.set("x-ratelimit-remaining-requests", Long.toString((long) Math.max(0, left)));
    if (left < 0) {
      metrics.counter("unmask.gateway.rate.limited").increment();
      Duration wait = Duration.ofMillis((long) Math.ceil(-left / rate.perSecond() * 1000));
      throw GatewayFault.retryable(
          FaultCode.RATE_LIMITED,
          "more than " + rate.perSecond() + " requests a second with this token; wait and retry",
          wait.plusMillis(999));
    }
  }

  /** What is left; negative when nothing could be taken: by how much it was short. */
  private synchronized double takeFrom(Key key, Limit rate) {
    long now = clock.millis();
    Bucket bucket = buckets.computeIfAbsent(key, k -> new Bucket(rate.burst(), now));
    double level =
        Math.min(
            rate.burst(), bucket.level + Math.max(0, now - bucket.at) / 1000.0 * rate.perSecond());
    bucket.at = now;
    bucket.level = level < 1 ? level : level - 1;
    return level - 1;
  }

  private record Key(String caller, RateKind kind) {}

  private static final class Bucket {
    private double level;
    private long at;

    Bucket(double level, long at) {
      this.level = level;
      this.at = at;
    }
  }
}
