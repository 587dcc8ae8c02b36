package dev.unmask.inference.engine;

import dev.unmask.lm.decoding.DecodeReport;
import dev.unmask.support.observability.MetricNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.IntSupplier;

/** The engine's meters; names are in {@link MetricNames}. */
final class EngineMetrics {
  /** Gauge: requests that wait for a place. */
  static final String QUEUED = "unmask.decoding.queued";

  private final MeterRegistry meters;
  private final Counter tokens;
  private final Counter nfe;
  private final Counter cacheHits;
  private final Counter cacheLookups;
  private final DistributionSummary tokensPerForward;
  private final Timer step;
  private final Timer firstToken;
  private final Timer queueTime;

  EngineMetrics(MeterRegistry meters) {
    this.meters = meters;
    tokens = meters.counter(MetricNames.DECODING_TOKENS);
    nfe = meters.counter(MetricNames.DECODING_NFE);
    cacheHits = meters.counter(MetricNames.DECODING_CACHE_HITS);
    cacheLookups = meters.counter(MetricNames.DECODING_CACHE_LOOKUPS);
    tokensPerForward =
        DistributionSummary.builder(MetricNames.DECODING_TOKENS_PER_FORWARD)
            .publishPercentileHistogram()
            .minimumExpectedValue(1.0)
            .maximumExpectedValue(64.0)
            .register(meters);
    step = timer(MetricNames.DECODING_STEP);
    firstToken = timer(MetricNames.DECODING_FIRST_TOKEN);
    queueTime = timer(MetricNames.DECODING_QUEUE_TIME);
  }

  void watch(IntSupplier running, IntSupplier queued) {
    meters.gauge(MetricNames.DECODING_RUNNING, running, IntSupplier::getAsInt);
    meters.gauge(QUEUED, queued, IntSupplier::getAsInt);
  }

  void stepped(Duration took) {
    step.record(took);
  }

  void started(Duration waited) {
    queueTime.record(waited);
  }

  void firstToken(Duration sinceAcceptance) {
    firstToken.record(sinceAcceptance);
  }

  /** Counted once a request has left, finished or not: its forward passes were computed. */
  void ended(DecodeReport report) {
    tokens.increment(report.tokens());
    nfe.increment(report.nfe());
    cacheHits.increment(report.cacheHits());
    cacheLookups.increment(report.cacheLookups());
    if (report.nfe() > 0) {
      tokensPerForward.record((double) report.tokens() / report.nfe());
    }
  }

  private Timer timer(String name) {
    return Timer.builder(name).publishPercentileHistogram().register(meters);
  }
}
