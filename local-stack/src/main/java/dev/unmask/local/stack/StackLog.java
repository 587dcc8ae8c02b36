package dev.unmask.local.stack;

import java.nio.file.Path;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Where the log of this JVM goes: to a file, so that the terminal stays readable.
 *
 * <p>Four contexts share one logging system; each would set it up anew for itself, so Spring Boot
 * is told to leave it alone.
 */
final class StackLog {
  private StackLog() {}

  /** Must run before the first logger is made. */
  static void toFile(Path folder) {
    System.setProperty("unmask.logs", folder.toString());
    System.setProperty("logback.configurationFile", "dev/unmask/local/stack/stack-logback.xml");
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    SLF4JBridgeHandler.removeHandlersForRootLogger(); // Tomcat logs through java.util.logging
    SLF4JBridgeHandler.install();
  }
}
