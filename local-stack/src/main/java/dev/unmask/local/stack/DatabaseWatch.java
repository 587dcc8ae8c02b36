package dev.unmask.local.stack;

import dev.unmask.local.Poll;
import dev.unmask.local.Terminal;
import dev.unmask.local.database.DatabaseUnavailable;
import dev.unmask.local.database.EmbeddedDatabase;
import java.time.Duration;

/** Starts the database again when its process has died; the services reconnect by themselves. */
final class DatabaseWatch implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final EmbeddedDatabase database;
  private final Terminal terminal;
  private final Thread thread;
  private volatile boolean stopping;

  DatabaseWatch(EmbeddedDatabase database, Terminal terminal) {
    this.database = database;
    this.terminal = terminal;
    this.thread = Thread.ofPlatform().daemon().name("database watch").unstarted(this::watch);
  }

  void start() {
    thread.start();
  }

  private void watch() {
    while (!stopping) {
      Poll.pause(INTERVAL);
      if (!stopping && !database.alive()) {
        revive();
      }
    }
  }

  private void revive() {
    terminal.warn("PostgreSQL ended; it starts again.");
    try {
      database.restart();
      terminal.say("PostgreSQL is up again.");
    } catch (DatabaseUnavailable e) {
      // Processes of the dead server may still hold its memory: the next round tries again.
      terminal.warn(String.valueOf(e.getMessage()));
    }
  }

  /** Must precede the database's own close, which would look like its death. */
  @Override
  public void close() {
    stopping = true;
    try {
      thread.interrupt();
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
