package dev.unmask.local.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** The inside of a service's own process. */
public final class ServiceProcess {
  /** The process of a killed stack needs a moment to stop by itself. */
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(40);

  private ServiceProcess() {}

  /**
   * Starts a service and returns when its parent has gone or asks it to stop.
   *
   * @param id as in {@link ServiceKind#id()}
   * @param lock held while this process lives, so that a service never runs twice on its data
   */
  public static void run(String id, Path lock, List<String> arguments) {
    ServiceKind kind =
        ServiceKind.named(id).orElseThrow(() -> new StackFailure("no service is called " + id));
    // Ctrl-C reaches the whole terminal group; the parent stops the services in order.
    Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
    try (DirectoryLock held = acquire(id, lock);
        var context = kind.application().run(arguments.toArray(String[]::new))) {
      awaitEndOfParent();
    }
  }

  private static DirectoryLock acquire(String id, Path lock) {
    return DirectoryLock.acquire(lock, LOCK_PATIENCE)
        .orElseThrow(() -> new StackFailure("another process runs the " + id + ": " + lock));
  }

  /** The parent holds the other end of standard input and never writes to it. */
  private static void awaitEndOfParent() {
    try {
      while (System.in.read() >= 0) {
        continue;
      }
    } catch (IOException closed) {
      // As good as its end.
    }
  }
}
