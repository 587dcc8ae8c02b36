package dev.unmask.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.local.Poll;
import dev.unmask.local.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SupervisedProcessTest {
  private final StringWriter warnings = new StringWriter();
  private final Terminal terminal =
      new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(warnings), false);

  @Test
  void startsAProcessAgainThatEndedAndSaysSo() {
    AtomicInteger starts = new AtomicInteger();
    SupervisedProcess process =
        SupervisedProcess.start(
            "registry",
            () -> starts.incrementAndGet() == 1 ? shell("exit 137") : shell("cat"),
            terminal);

    boolean again =
        Poll.untilTrue(Duration.ofSeconds(30), Duration.ofMillis(20), () -> starts.get() == 2);
    process.close();

    assertThat(again).isTrue();
    assertThat(warnings.toString()).contains("The registry ended with exit code 137");
  }

  @Test
  void stopsAProcessForGood() {
    AtomicInteger starts = new AtomicInteger();
    SupervisedProcess process =
        SupervisedProcess.start(
            "registry",
            () -> {
              starts.incrementAndGet();
              return shell("cat");
            },
            terminal);
    assertThat(
            Poll.untilTrue(Duration.ofSeconds(30), Duration.ofMillis(5), () -> starts.get() == 1))
        .isTrue();

    process.close();

    assertThat(starts).hasValue(1);
    assertThat(warnings.toString()).isEmpty();
  }

  private static ProcessBuilder shell(String script) {
    return new ProcessBuilder("sh", "-c", script);
  }
}
