package dev.unmask.training.pipeline;

import dev.unmask.registry.api.MlflowTrackingApi.Metric;
import dev.unmask.training.job.TrainingJob;
import dev.unmask.training.tracking.RunTrackingService;
import java.util.ArrayList;
import java.util.List;

/** Metric points of optimizer steps, handed to the tracking buffer about once a second. */
final class StepMetrics {
  private static final long NANOS_BETWEEN_FLUSHES = 1_000_000_000L;
  private static final int MOST_POINTS = 800;

  private final RunTrackingService tracking;
  private final TrainingJob job;
  private final long told;
  private final List<Metric> points = new ArrayList<>();
  private long last;
  private long lastFlush = System.nanoTime();

  /**
   * @param job whose steps up to {@link TrainingJob#trackedStep} were told before a crash
   */
  StepMetrics(RunTrackingService tracking, TrainingJob job) {
    this.tracking = tracking;
    this.job = job;
    this.told = job.trackedStep();
  }

  void add(TrainingSession.Outcome outcome) {
    if (outcome.step() <= told) {
      return;
    }
    long now = tracking.now();
    last = outcome.step();
    points.add(new Metric("train/loss", outcome.loss(), now, last));
    points.add(new Metric("train/gradient_norm", outcome.gradientNorm(), now, last));
    points.add(new Metric("train/learning_rate", outcome.learningRate(), now, last));
    double perSecond = outcome.tokens() / Math.max(outcome.milliseconds(), 0.001) * 1000;
    points.add(new Metric("train/tokens_per_second", perSecond, now, last));
    outcome
        .measures()
        .forEach((name, value) -> points.add(new Metric("train/" + name, value, now, last)));
    if (points.size() >= MOST_POINTS || System.nanoTime() - lastFlush > NANOS_BETWEEN_FLUSHES) {
      flush();
    }
  }

  void flush() {
    if (!points.isEmpty()) {
      tracking.metrics(job.id(), List.copyOf(points), last);
      points.clear();
    }
    lastFlush = System.nanoTime();
  }
}
