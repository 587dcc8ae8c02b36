package dev.unmask.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.benchmarks.Result;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void tellsTheTimeLeftByThePaceSoFar() {
    Progress progress =
        new Progress(List.of(new Planned("first", 30), new Planned("second", 120)), 0);

    assertThat(progress.next(0)).isEqualTo("1 of 2: first");
    // It took twice the 30 seconds that were planned, so the 120 of the other will, too.
    assertThat(progress.next(TimeUnit.SECONDS.toNanos(60)))
        .isEqualTo("2 of 2: second; about 4 minutes left");
  }

  /** A case that says how long it takes, whatever the real ones say. */
  private record Planned(String name, int seconds) implements RegistryCase {

    @Override
    public List<Row> rows() {
      return List.of();
    }

    @Override
    public void measure(Session session, BiConsumer<Row, Result> results) {
      throw new UnsupportedOperationException("Only planned.");
    }
  }
}
