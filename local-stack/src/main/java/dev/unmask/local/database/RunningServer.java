package dev.unmask.local.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A server process that holds a data directory, as its {@code postmaster.pid} says.
 *
 * <p>A server outlives the JVM that started it when that JVM is killed. The next start finds it
 * here and goes on with it on the port it has.
 */
record RunningServer(long pid, int port) {
  private static final int PORT_LINE = 3;

  /** The live server of a data directory, if there is one; a pid file left by a crash is none. */
  static Optional<RunningServer> find(Path dataDirectory) {
    Path pidFile = dataDirectory.resolve("postmaster.pid");
    try {
      List<String> lines = Files.isReadable(pidFile) ? Files.readAllLines(pidFile) : List.of();
      if (lines.size() <= PORT_LINE) {
        return Optional.empty();
      }
      long pid = Long.parseLong(lines.getFirst().strip());
      int port = Integer.parseInt(lines.get(PORT_LINE).strip());
      return isPostgres(pid) ? Optional.of(new RunningServer(pid, port)) : Optional.empty();
    } catch (IOException | NumberFormatException vanishedOrHalfWritten) {
      return Optional.empty();
    }
  }

  /** Process ids are reused after a reboot, so the program's name is looked at too. */
  private static boolean isPostgres(long pid) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(process -> process.info().command())
        .filter(command -> command.contains("postgres"))
        .isPresent();
  }
}
