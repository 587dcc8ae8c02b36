package dev.unmask.local.doctor;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import com.sun.management.OperatingSystemMXBean;
import dev.unmask.local.stack.DataDirectory;
import dev.unmask.local.stack.LocalStack;
import dev.unmask.local.stack.StackFailure;
import dev.unmask.local.stack.StackPorts;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Checks of this machine against what the stack needs. */
public final class Doctor {
  private static final int JAVA = 25;
  private static final long GIBIBYTE = 1L << 30;
  private static final long MEMORY_NEEDED = 3 * GIBIBYTE;
  private static final long MEMORY_WANTED = 6 * GIBIBYTE;
  private static final long DISK_NEEDED = 2 * GIBIBYTE;
  private static final long DISK_WANTED = 10 * GIBIBYTE;
  private static final int PORTS = 5;

  private final Path data;
  private final int firstPort;

  public Doctor(Path data, int firstPort) {
    this.data = data;
    this.firstPort = firstPort;
  }

  /** All checks, in the order in which a problem would show. */
  public List<Check> examine() {
    return List.of(java(), cores(), memory(), disk(), stack(), ports(), nativeLibrary());
  }

  private static Check java() {
    Runtime.Version version = Runtime.version();
    return version.feature() >= JAVA
        ? Check.ok("JDK", version.toString())
        : Check.fail("JDK", version.toString(), "Install a JDK 25 and set JAVA_HOME to it.");
  }

  private static Check cores() {
    int cores = Runtime.getRuntime().availableProcessors();
    return cores >= 2
        ? Check.ok("cores", Integer.toString(cores))
        : Check.warn("cores", "1", "Training shares it with everything else: expect half speed.");
  }

  private static Check memory() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long total = system.getTotalMemorySize();
    String found = gibibytes(total);
    if (total < MEMORY_NEEDED) {
      return Check.fail("memory", found, "The stack needs %s.".formatted(gibibytes(MEMORY_NEEDED)));
    }
    return total < MEMORY_WANTED
        ? Check.warn(
            "memory",
            found,
            "%s are comfortable; train small models.".formatted(gibibytes(MEMORY_WANTED)))
        : Check.ok("memory", found);
  }

  private Check disk() {
    Path folder = existing(data.toAbsolutePath());
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      String found = "%s free at %s".formatted(gibibytes(free), folder);
      if (!Files.isWritable(folder)) {
        return Check.fail("disk", folder + " is not writable", "Name another with --data.");
      }
      if (free < DISK_NEEDED) {
        return Check.fail("disk", found, "Free some space or name another folder with --data.");
      }
      return free < DISK_WANTED
          ? Check.warn("disk", found, "Checkpoints and versions need room: keep an eye on it.")
          : Check.ok("disk", found);
    } catch (IOException e) {
      return Check.fail("disk", String.valueOf(e.getMessage()), "Name another with --data.");
    }
  }

  private static Path existing(Path folder) {
    Path parent = folder.getParent();
    return Files.exists(folder) || parent == null ? folder : existing(parent);
  }

  private Check stack() {
    if (Files.notExists(data)) {
      return Check.ok("stack", "never started in " + data);
    }
    try {
      return LocalStack.running(DataDirectory.open(data))
          .map(running -> Check.ok("stack", "runs at " + running.gateway()))
          .orElseGet(() -> Check.ok("stack", "not running in " + data));
    } catch (StackFailure e) {
      return Check.fail("stack", String.valueOf(e.getMessage()), "Name another with --data.");
    }
  }

  private Check ports() {
    String taken =
        IntStream.range(firstPort, firstPort + PORTS)
            .filter(port -> !StackPorts.isFree(port))
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    return taken.isEmpty()
        ? Check.ok("ports", "%d to %d are free".formatted(firstPort, firstPort + PORTS - 1))
        : Check.warn("ports", taken + " taken", "Others are used instead, or choose with --port.");
  }

  private static Check nativeLibrary() {
    try {
      Engine engine = Engine.getEngine("PyTorch");
      return Check.ok("PyTorch", engine.getVersion() + ", " + engine.getGpuCount() + " GPU(s)");
    } catch (EngineException | UnsatisfiedLinkError e) {
      return Check.fail(
          "PyTorch",
          String.valueOf(e.getMessage()),
          "Its library needs glibc 2.28 or later on Linux x86_64/aarch64, or an Apple CPU.");
    }
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIBIBYTE);
  }
}
