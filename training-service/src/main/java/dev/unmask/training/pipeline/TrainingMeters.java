package dev.unmask.training.pipeline;

import dev.unmask.support.observability.MetricNames;
import dev.unmask.training.job.JobQueue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Meters of training. */
@Component
class TrainingMeters {
  private final Counter tokens;
  private final Timer step;
  private final AtomicReference<Double> loss = new AtomicReference<>(Double.NaN);

  TrainingMeters(MeterRegistry registry, JobQueue queue) {
    this.tokens = registry.counter(MetricNames.TRAINING_TOKENS);
    this.step = registry.timer(MetricNames.TRAINING_STEP);
    Gauge.builder(MetricNames.TRAINING_LOSS, loss, AtomicReference::get).register(registry);
    Gauge.builder(MetricNames.TRAINING_QUEUE, queue, TrainingMeters::queued).register(registry);
  }

  void step(TrainingSession.Outcome outcome) {
    tokens.increment(outcome.tokens());
    step.record((long) (outcome.milliseconds() * 1e6), TimeUnit.NANOSECONDS);
    loss.set(outcome.loss());
  }

  private static double queued(JobQueue queue) {
    try {
      return queue.queued();
    } catch (DataAccessException away) {
      return Double.NaN;
    }
  }
}
