package dev.unmask.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The built {@code unmask} command in a process of its own. */
final class StackProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(180);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
  private static final Path MODULE = Path.of("..", "local-stack", "target");

  private final Path data;
  private final Process process;

  private StackProcess(Path data, Process process) {
    this.data = data;
    this.process = process;
  }

  /** A new folder under this module's build folder. */
  static Path freshData(String name) {
    try {
      return Files.createTempDirectory(
          Files.createDirectories(Path.of("target").toAbsolutePath()), name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs {@code unmask up} and returns when the stack is ready. */
  static StackProcess up(Path data, String... options) {
    List<String> arguments = new ArrayList<>(List.of("up", "--data", data.toString()));
    arguments.addAll(List.of("--port", Integer.toString(freePort())));
    arguments.addAll(List.of(options));
    StackProcess stack = new StackProcess(data, start(data.resolve("up.log"), arguments));
    Eventually.isTrue(
        "the stack is ready, see " + data.resolve("up.log"),
        START_LIMIT,
        () -> {
          if (!stack.process.isAlive()) {
            throw new AssertionError("the stack ended: " + stack.output());
          }
          return stack.address().isPresent();
        });
    return stack;
  }

  /** Starts any {@code unmask} command; its output goes to a file. */
  static Process start(Path output, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dai.djl.offline=true",
            "-DOPT_OUT_TRACKING=true",
            "-Dai.djl.pytorch.num_interop_threads=1",
            "-Dunmask.corpus.directory=" + MODULE.resolve("corpus").toAbsolutePath(),
            "-cp",
            classPath(),
            "dev.unmask.local.Unmask"));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(output.toFile()));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String classPath() {
    try (Stream<Path> own = Files.list(MODULE);
        Stream<Path> libraries = Files.list(MODULE.resolve("lib"))) {
      return String.join(
          File.pathSeparator,
          Stream.concat(
                  own.filter(file -> file.toString().endsWith("SNAPSHOT.jar")), libraries.sorted())
              .map(file -> file.toAbsolutePath().normalize().toString())
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException("build local-stack first (mvn verify does)", e);
    }
  }

  /**
   * The first of five free ports, below the range of outgoing connections: one of those could take
   * the port of a service that a test has killed.
   */
  private static int freePort() {
    return ThreadLocalRandom.current()
        .ints(10_240, 32_000)
        .limit(1_000)
        .filter(first -> IntStream.range(first, first + 5).allMatch(StackProcess::isFree))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private Optional<JsonNode> address() {
    try {
      JsonNode address = new ObjectMapper().readTree(data.resolve("running-stack.json").toFile());
      return Optional.of(address).filter(node -> node.path("pid").asLong() == process.pid());
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  Gateway gateway() {
    JsonNode address = address().orElseThrow();
    try {
      return new Gateway(
          URI.create(address.path("gateway").asText()),
          Files.readString(Path.of(address.path("ownerToken").asText())).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path data() {
    return data;
  }

  /** The process of one service of an isolated stack; its lock file names it. */
  Optional<ProcessHandle> service(String name) {
    return process(data.resolve(name + ".lock"));
  }

  /** PostgreSQL's first process. */
  Optional<ProcessHandle> postgres() {
    return process(data.resolve("postgres/data/postmaster.pid"));
  }

  private static Optional<ProcessHandle> process(Path pidFile) {
    try {
      return Files.readAllLines(pidFile).stream()
          .findFirst()
          .map(line -> Long.parseLong(line.strip()))
          .flatMap(ProcessHandle::of)
          .filter(ProcessHandle::isAlive);
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  /** {@code kill -9} of the launcher; waits until it is gone. */
  void kill() {
    kill(process.toHandle());
  }

  /** {@code kill -9}; waits until the process is gone. */
  static void kill(ProcessHandle victim) {
    victim.destroyForcibly();
    victim.onExit().join();
  }

  String output() {
    try {
      return Files.readString(data.resolve("up.log"));
    } catch (IOException e) {
      return "(no output)";
    }
  }

  /** SIGTERM, as Ctrl-C would; everything is down afterwards. */
  @Override
  public void close() {
    process.destroy();
    Eventually.isTrue("the stack has stopped", STOP_LIMIT, () -> !process.isAlive());
  }
}
