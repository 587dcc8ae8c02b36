package dev.unmask.registry.series;

import dev.unmask.registry.series.SummaryService.Due;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Looks again and again for series that were written to, and has them summarised. */
@Component
class Summariser implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(Summariser.class);
  private static final int REST = 4;

  private final SummaryService summaries;
  private final SeriesProperties properties;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, work -> Thread.ofPlatform().name("series-summariser").daemon().unstarted(work));
  private volatile boolean running;

  Summariser(SummaryService summaries, SeriesProperties properties, Clock clock) {
    this.summaries = summaries;
    this.properties = properties;
    this.clock = clock;
    // The next look need not be waited for when the service ends.
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private void look() {
    long start = clock.millis();
    try {
      pass();
    } catch (RuntimeException failure) {
      log.warn("series are not summarised for now: {}", failure.getMessage());
    }
    if (running) {
      Duration rest = Duration.ofMillis(REST * Math.max(0, clock.millis() - start));
      Duration pause = rest.compareTo(properties.pause()) > 0 ? rest : properties.pause();
      thread.schedule(this::look, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Every series that is due now, once. */
  private void pass() {
    Due due = summaries.settle(Long.MIN_VALUE);
    while (running && due.last() != null) {
      for (long series : due.remaining()) {
        finish(series);
      }
      due = summaries.settle(due.last());
    }
  }

  /** One series that cannot be summarised must not keep the others from it. */
  private void finish(long series) {
    try {
      boolean more = true;
      while (running && more) {
        more = summaries.summarise(series);
      }
    } catch (RuntimeException failure) {
      log.warn("series {} is not summarised for now: {}", series, failure.getMessage());
    }
  }

  @Override
  public void start() {
    running = true;
    thread.schedule(this::look, properties.pause().toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    running = false;
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("a summary is still being written; it is complete or not there");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
