package dev.unmask.local.stack;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Four application contexts in one JVM, started side by side: the quickest start there is. */
final class ServicesInThisJvm implements Services {
  private final Map<ServiceKind, Thread> starting = new EnumMap<>(ServiceKind.class);
  private final Map<ServiceKind, ConfigurableApplicationContext> contexts =
      new ConcurrentHashMap<>();
  private final Map<ServiceKind, Throwable> failures = new ConcurrentHashMap<>();

  private ServicesInThisJvm() {}

  static ServicesInThisJvm start(ServiceArguments arguments) {
    ServicesInThisJvm services = new ServicesInThisJvm();
    for (ServiceKind kind : ServiceKind.values()) {
      services.starting.put(
          kind, Thread.ofPlatform().name(kind.id()).start(() -> services.run(kind, arguments)));
    }
    return services;
  }

  private void run(ServiceKind kind, ServiceArguments arguments) {
    List<String> all = new ArrayList<>(arguments.of(kind));
    if (kind.usesDatabase()) {
      all.add(arguments.passwordArgument());
    }
    try {
      SpringApplication application = kind.application();
      application.setRegisterShutdownHook(false); // the stack stops the services in order
      contexts.put(kind, application.run(all.toArray(String[]::new)));
    } catch (RuntimeException | Error e) {
      failures.put(kind, e);
    }
  }

  @Override
  public @Nullable String failure() {
    for (Map.Entry<ServiceKind, Throwable> failure : failures.entrySet()) {
      return "the %s did not start: %s"
          .formatted(failure.getKey().id(), innermost(failure.getValue()));
    }
    return null;
  }

  private static Throwable innermost(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure : innermost(cause);
  }

  @Override
  public void close() {
    awaitStarts();
    ServiceKind[] kinds = ServiceKind.values();
    for (int i = kinds.length - 1; i >= 0; i--) {
      ConfigurableApplicationContext context = contexts.remove(kinds[i]);
      if (context != null) {
        context.close();
      }
    }
  }

  /** A context that is still starting cannot be closed yet. */
  private void awaitStarts() {
    for (Thread thread : starting.values()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
