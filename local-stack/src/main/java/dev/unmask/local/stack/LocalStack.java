package dev.unmask.local.stack;

import dev.unmask.local.Terminal;
import dev.unmask.local.database.EmbeddedDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;

/** PostgreSQL and the four services, ready, until closed. */
public final class LocalStack implements AutoCloseable {
  /** A stack that is just ending gets this long to let go of its data directory. */
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Terminal terminal;
  private final DataDirectory data;

  private LocalStack(Terminal terminal, DataDirectory data) {
    this.terminal = terminal;
    this.data = data;
  }

  /** The stack that another process runs on a data directory, if one does. */
  public static Optional<RunningStack> running(DataDirectory data) {
    Optional<DirectoryLock> free = DirectoryLock.acquire(data.lock("stack"), Duration.ZERO);
    free.ifPresent(DirectoryLock::close);
    return free.isPresent() ? Optional.empty() : RunningStack.read(data);
  }

  /**
   * Starts everything and waits until it is ready.
   *
   * @throws StackFailure when another stack uses the data directory or a service does not start
   * @throws dev.unmask.local.database.DatabaseUnavailable when PostgreSQL does not start
   */
  public static LocalStack start(StackSettings settings, Terminal terminal) {
    DataDirectory data = DataDirectory.open(settings.data());
    LocalStack stack = new LocalStack(terminal, data);
    boolean started = false;
    try {
      stack.startParts(settings);
      started = true;
      return stack;
    } finally {
      if (!started) {
        stack.close();
      }
    }
  }

  private void startParts(StackSettings settings) {
    parts.push(lock());
    StackLog.toFile(data.logs());
    StackPorts.Choice choice = StackPorts.choose(settings.port(), orphanedDatabase());
    choice.remarks().forEach(terminal::warn);
    StackPorts ports = choice.ports();

    EmbeddedDatabase database = EmbeddedDatabase.start(data.database(), ports.database());
    parts.push(database);
    ServiceArguments arguments = new ServiceArguments(data, ports, database.address());
    Services services =
        settings.isolated()
            ? ServiceProcesses.start(data, arguments, terminal)
            : ServicesInThisJvm.start(arguments);
    parts.push(services);
    DatabaseWatch watch = new DatabaseWatch(database, terminal);
    parts.push(watch);
    watch.start();
    new Readiness(ports, data).await(services);
    announce(ports, settings.isolated());
  }

  private DirectoryLock lock() {
    return DirectoryLock.acquire(data.lock("stack"), LOCK_PATIENCE)
        .orElseThrow(
            () ->
                new StackFailure(
                    "a stack already runs on "
                        + data.root()
                        + RunningStack.read(data)
                            .map(other -> " (process %d)".formatted(other.pid()))
                            .orElse("")
                        + ": stop it, or name another folder with --data"));
  }

  private OptionalInt orphanedDatabase() {
    return EmbeddedDatabase.orphanedPort(data.database())
        .map(OptionalInt::of)
        .orElseGet(OptionalInt::empty);
  }

  private void announce(StackPorts ports, boolean isolated) {
    new RunningStack(
            URI.create(ports.url(ServiceKind.GATEWAY)),
            data.ownerToken().toString(),
            ProcessHandle.current().pid(),
            isolated ? "isolated" : "one-process",
            ports)
        .write(data);
    parts.push(() -> RunningStack.forget(data));
  }

  /** Where it listens. */
  public RunningStack address() {
    return RunningStack.read(data)
        .orElseThrow(() -> new StackFailure(data.runningStack() + " has vanished"));
  }

  /** Stops the services, then PostgreSQL; a second call does nothing. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        terminal.warn("While stopping: " + e.getMessage());
      }
    }
  }
}
