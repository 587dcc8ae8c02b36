package dev.unmask.local.stack;

import dev.unmask.local.Poll;
import dev.unmask.local.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process that is started again whenever it ends, sooner after a long life than after a short
 * one. It holds the reading end of a pipe to this JVM and ends when the pipe does, so that {@code
 * kill -9} of this JVM leaves no process behind.
 */
final class SupervisedProcess implements AutoCloseable {
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final Duration LONG_LIFE = Duration.ofSeconds(60);
  private static final long STOP_SECONDS = 30;

  private final String name;
  private final Supplier<ProcessBuilder> command;
  private final Terminal terminal;
  private volatile boolean stopping;
  private volatile @Nullable Process process;

  private SupervisedProcess(String name, Supplier<ProcessBuilder> command, Terminal terminal) {
    this.name = name;
    this.command = command;
    this.terminal = terminal;
  }

  static SupervisedProcess start(String name, Supplier<ProcessBuilder> command, Terminal terminal) {
    SupervisedProcess supervised = new SupervisedProcess(name, command, terminal);
    Thread.ofPlatform().daemon().name("supervisor of " + name).start(supervised::supervise);
    return supervised;
  }

  private void supervise() {
    Duration wait = SHORTEST_WAIT;
    while (!stopping) {
      long started = System.nanoTime();
      int exit = runOnce();
      if (stopping) {
        return;
      }
      boolean livedLong = System.nanoTime() - started > LONG_LIFE.toNanos();
      wait = livedLong ? SHORTEST_WAIT : wait;
      terminal.warn(
          "The %s ended with exit code %d; it starts again in %d s."
              .formatted(name, exit, wait.toSeconds()));
      Poll.pause(wait);
      Duration doubled = wait.multipliedBy(2);
      wait = doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
    }
  }

  /** Runs the process to its end; -1 when it could not be started. */
  private int runOnce() {
    try {
      Process started;
      synchronized (this) {
        if (stopping) {
          return 0;
        }
        started = command.get().start();
        process = started;
      }
      return started.waitFor();
    } catch (IOException e) {
      terminal.warn("The %s could not be started: %s".formatted(name, e.getMessage()));
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** Asks the process to stop, insists after a while, and does not start it again. */
  @Override
  public void close() {
    Process running;
    synchronized (this) {
      stopping = true;
      running = process;
    }
    if (running == null) {
      return;
    }
    running.destroy();
    try {
      if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        terminal.warn("The %s did not stop within %d s: killed.".formatted(name, STOP_SECONDS));
        running.destroyForcibly();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
