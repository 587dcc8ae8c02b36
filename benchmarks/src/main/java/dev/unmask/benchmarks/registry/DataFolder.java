package dev.unmask.benchmarks.registry;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The data folder of a local stack, read as another process of the same user may. */
record DataFolder(Path root) {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  /** Who holds a lock, in the order in which they are stopped. */
  private static final List<String> HOLDERS =
      List.of("stack", "gateway", "inference", "training", "registry");

  /** What the stack of this process has announced; empty while it isn't ready. */
  Optional<JsonObject> announced(long pid) {
    try {
      String text = Files.readString(root.resolve("running-stack.json"));
      return Optional.of(JsonParser.parseString(text).getAsJsonObject())
          .filter(json -> json.get("pid").getAsLong() == pid);
    } catch (IOException | JsonSyntaxException notYet) {
      return Optional.empty();
    }
  }

  /** The process of a service of an isolated stack. */
  ProcessHandle service(String name) {
    return process(lock(name))
        .orElseThrow(() -> new IllegalStateException("no process runs the " + name));
  }

  /** Password of PostgreSQL's owner of the data and of its administrator. */
  String databasePassword() {
    return read(root.resolve("postgres").resolve("password"));
  }

  static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends what a benchmark that was killed has left running here. */
  void stopLeftOvers() {
    HOLDERS.stream()
        .filter(this::locked)
        .forEach(holder -> process(lock(holder)).ifPresent(DataFolder::stop));
    process(root.resolve("postgres").resolve("data").resolve("postmaster.pid"))
        .filter(found -> found.info().command().orElse("").contains("postgres"))
        .ifPresent(DataFolder::stop);
  }

  private static void stop(ProcessHandle process) {
    process.destroy();
    if (!Waiting.until(STOP_LIMIT, () -> !process.isAlive())) {
      process.destroyForcibly();
    }
  }

  private Path lock(String holder) {
    return root.resolve(holder + ".lock");
  }

  /** The system holds the lock for a live process alone, whatever number the file names. */
  private boolean locked(String holder) {
    if (!Files.exists(lock(holder))) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock(holder), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<ProcessHandle> process(Path pidFile) {
    try {
      List<String> lines = Files.readAllLines(pidFile);
      return lines.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
              .filter(ProcessHandle::isAlive);
    } catch (IOException | NumberFormatException absent) {
      return Optional.empty();
    }
  }
}
