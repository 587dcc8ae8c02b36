package dev.unmask.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void tellsTheTimeLeftByThePaceSoFar() {
    Progress progress = new Progress(List.of(new LogMetricCase(), new PurgeCase()), 0);

    assertThat(progress.next(0)).isEqualTo("1 of 2: log-metric");
    // It took twice the 30 seconds that were planned, so the 120 of the other will, too.
    assertThat(progress.next(TimeUnit.SECONDS.toNanos(60)))
        .isEqualTo("2 of 2: purge; about 4 minutes left");
  }
}
