package dev.unmask.gateway.routing;

import dev.unmask.gateway.error.FaultCode;
import dev.unmask.gateway.error.GatewayFault;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** One token bucket a caller, in this gateway's memory; a full bucket is forgotten first. */
@Component
class TokenBuckets {
  private static final int REMEMBERED = 10_000;

  private final RoutingProperties.Rate rate;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > REMEMBERED;
        }
      };

  TokenBuckets(RoutingProperties properties, Clock clock, MeterRegistry metrics) {
    this.rate = properties.rate();
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * Takes one token out of the caller's bucket and says in the headers what is left.
   *
   * @throws GatewayFault RATE_LIMITED when the bucket is empty
   */
  void take(String caller, HttpHeaders answer) {
    double left = takeFrom(caller);
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
  private synchronized double takeFrom(String caller) {
    long now = clock.millis();
    Bucket bucket = buckets.computeIfAbsent(caller, c -> new Bucket(rate.burst(), now));
    double level =
        Math.min(
            rate.burst(), bucket.level + Math.max(0, now - bucket.at) / 1000.0 * rate.perSecond());
    bucket.at = now;
    bucket.level = level < 1 ? level : level - 1;
    return level - 1;
  }

  private static final class Bucket {
    private double level;
    private long at;

    Bucket(double level, long at) {
      this.level = level;
      this.at = at;
    }
  }
}
