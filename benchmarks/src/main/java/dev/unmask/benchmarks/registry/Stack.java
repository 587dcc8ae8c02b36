package dev.unmask.benchmarks.registry;

import com.google.gson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The local stack as a user starts it, {@code unmask up --isolated}, in a folder and on ports of
 * its own. It is stopped when this process ends, too.
 */
final class Stack implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(10);

  /** It gives each service half a minute. */
  private static final long STOP_SECONDS = 180;

  private static final int PORTS = 5;

  private final DataFolder data;
  private final Process process;
  private final Thread atEnd;
  private volatile boolean ending;

  private Stack(DataFolder data, Process process) {
    this.data = data;
    this.process = process;
    this.atEnd =
        new Thread(
            () -> {
              ending = true;
              stop();
            },
            "stack's end");
  }

  /**
   * @param launcher the command {@code unmask}; what it starts must be built
   * @throws IllegalStateException with the stack's last words if it isn't ready in time
   */
  static Stack start(Path launcher, Path folder) {
    DataFolder data = new DataFolder(folder.toAbsolutePath().normalize());
    Path log = data.root().resolve("up.log");
    try {
      Files.createDirectories(data.root());
      ProcessBuilder builder =
          new ProcessBuilder(
                  launcher.toAbsolutePath().normalize().toString(),
                  "up",
                  "--isolated",
                  "--data",
                  data.root().toString(),
                  "--port",
                  Integer.toString(freePorts()))
              .redirectInput(Redirect.from(new File("/dev/null")))
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(log.toFile()));
      builder.environment().put("UNMASK_BUILD", "never");
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      Stack stack = new Stack(data, builder.start());
      Runtime.getRuntime().addShutdownHook(stack.atEnd);
      stack.awaitReady(log);
      return stack;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady(Path log) {
    boolean ended =
        !Waiting.until(
            START_LIMIT, () -> !process.isAlive() || data.announced(process.pid()).isPresent());
    if (ended || !process.isAlive()) {
      close();
      throw new IllegalStateException("the stack did not start: " + DataFolder.read(log));
    }
  }

  /** The first of as many free ports, below those of outgoing connections. */
  private static int freePorts() {
    return ThreadLocalRandom.current()
        .ints(10_240, 32_000)
        .limit(1_000)
        .filter(first -> IntStream.range(first, first + PORTS).allMatch(Stack::isFree))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no five free ports in a row were found"));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private JsonObject address() {
    return data.announced(process.pid())
        .orElseThrow(() -> new IllegalStateException("the stack is down: " + data.root()));
  }

  private int port(String of) {
    return address().getAsJsonObject("ports").get(of).getAsInt();
  }

  /** A client of the gateway with the owner's token. */
  RegistryClient gateway() {
    String token = ownerToken();
    return new RegistryClient(URI.create(address().get("gateway").getAsString()), () -> token);
  }

  /** A client of the registry itself with what the gateway would send on. */
  RegistryClient service() {
    URI registry = URI.create("http://127.0.0.1:" + port("registry"));
    return new RegistryClient(registry, new ServiceToken(registry, ownerToken()));
  }

  private String ownerToken() {
    return DataFolder.read(Path.of(address().get("ownerToken").getAsString()));
  }

  /** The stack's database, as the services' user. */
  Database database() {
    return new Database(
        "jdbc:postgresql://127.0.0.1:" + port("database") + "/unmask?currentSchema=registry",
        "unmask",
        data.databasePassword());
  }

  /** Where it keeps its data. */
  Path folder() {
    return data.root();
  }

  ProcessHandle process(String service) {
    return data.service(service);
  }

  /** Whether this process is about to end: what fails now says nothing about the registry. */
  boolean ending() {
    return ending;
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(atEnd);
    } catch (IllegalStateException e) {
      ending = true; // the process is ending, the hook finds the stack stopped
    }
  }

  private synchronized void stop() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    data.stopLeftOvers(); // one that is asked to stop while it starts leaves PostgreSQL behind
  }
}
