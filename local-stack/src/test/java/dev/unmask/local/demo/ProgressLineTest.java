package dev.unmask.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.local.Terminal;
import dev.unmask.training.api.JobProgress;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.JobStep;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final StringWriter out = new StringWriter();

  @Test
  void tellsStepLossSpeedAndTimeLeft() {
    assertThat(ProgressLine.text(running(40)))
        .isEqualTo("train (ar)  step 40/100  loss 2.500 nats/token  4000 tokens/s  12 s left");
  }

  @Test
  void doesNotFloodAFileWithLines() {
    ProgressLine line =
        new ProgressLine(
            new Terminal(new PrintWriter(out), new PrintWriter(new StringWriter()), false));

    line.show(running(1));
    line.show(running(2));

    assertThat(out.toString().lines()).hasSize(1);
  }

  private static JobProgress running(long step) {
    return new JobProgress(
        "7",
        JobStatus.RUNNING,
        JobStep.TRAIN,
        1,
        "ar",
        step,
        100L,
        2.5,
        null,
        null,
        4000.0,
        12.0,
        40,
        null);
  }
}
