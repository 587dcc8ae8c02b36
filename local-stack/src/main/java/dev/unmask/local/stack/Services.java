package dev.unmask.local.stack;

import org.jspecify.annotations.Nullable;

/** The four services while they run: as contexts of this JVM or as processes of their own. */
sealed interface Services extends AutoCloseable permits ServicesInThisJvm, ServiceProcesses {

  /** Why a service cannot become ready any more; null while all may. */
  @Nullable String failure();

  /** Stops the gateway first and the registry last, so that nobody talks to a missing peer. */
  @Override
  void close();
}
