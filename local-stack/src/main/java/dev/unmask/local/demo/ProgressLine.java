package dev.unmask.local.demo;

import dev.unmask.local.Terminal;
import dev.unmask.training.api.JobProgress;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows where a job stands: in place on a terminal, elsewhere a line every few seconds. */
final class ProgressLine {
  private static final Duration PACE = Duration.ofSeconds(5);

  private final Terminal terminal;
  private String shown = "";
  private long shownAt;

  ProgressLine(Terminal terminal) {
    this.terminal = terminal;
    this.shownAt = System.nanoTime() - PACE.toNanos();
  }

  void show(JobProgress progress) {
    String line = text(progress);
    boolean due = terminal.interactive() || System.nanoTime() - shownAt >= PACE.toNanos();
    if ((due || progress.status().ended()) && !line.equals(shown)) {
      terminal.progress(line);
      shown = line;
      shownAt = System.nanoTime();
    }
  }

  static String text(JobProgress progress) {
    StringBuilder line = new StringBuilder();
    line.append(progress.step() == null ? progress.status() : progress.step().stepName());
    if (progress.method() != null) {
      line.append(" (").append(progress.method()).append(')');
    }
    if (progress.totalSteps() != null) {
      line.append("  step %d/%d".formatted(progress.optimizerStep(), progress.totalSteps()));
    }
    append(line, "  loss %.3f nats/token", progress.loss());
    append(line, "  %.0f tokens/s", progress.tokensPerSecond());
    append(line, "  %.0f s left", progress.status().ended() ? null : progress.secondsLeft());
    append(line, "  validation %.3f nats/token", progress.validation());
    append(line, " (%.3f bits/byte)", progress.bitsPerByte());
    return line.toString();
  }

  private static void append(StringBuilder line, String format, @Nullable Double value) {
    if (value != null) {
      line.append(String.format(Locale.ROOT, format, value));
    }
  }
}
