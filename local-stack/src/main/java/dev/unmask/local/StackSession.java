package dev.unmask.local;

import dev.unmask.local.stack.LocalStack;
import dev.unmask.local.stack.RunningStack;
import dev.unmask.local.stack.StackSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/** A stack for the life of one command: closed at its end, at Ctrl-C and at SIGTERM. */
final class StackSession implements AutoCloseable {
  private final LocalStack stack;
  private final Terminal terminal;
  private final CountDownLatch closed = new CountDownLatch(1);

  private StackSession(LocalStack stack, Terminal terminal) {
    this.stack = stack;
    this.terminal = terminal;
  }

  static StackSession start(StackSettings settings, Terminal terminal) {
    InstantSource clock = InstantSource.system();
    Instant begin = clock.instant();
    terminal.say("Starting PostgreSQL and the services in " + settings.data() + " ...");
    StackSession session = new StackSession(LocalStack.start(settings, terminal), terminal);
    Runtime.getRuntime().addShutdownHook(new Thread(session::close, "shutdown"));
    Duration took = Duration.between(begin, clock.instant());
    terminal.say("Ready after %.1f s: %s".formatted(took.toMillis() / 1000.0, session.gateway()));
    return session;
  }

  RunningStack address() {
    return stack.address();
  }

  private String gateway() {
    return address().gateway().toString();
  }

  /** Returns when the process is asked to end. */
  void awaitEnd() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() {
    if (closed.getCount() > 0) {
      terminal.say("Stopping ...");
      stack.close();
      closed.countDown();
    }
  }
}
