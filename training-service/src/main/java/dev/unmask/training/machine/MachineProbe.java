package dev.unmask.training.machine;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Reads the machine. The names are those of MLflow's system metrics, so that its pages show them;
 * megabytes are millions of bytes there. What a machine does not tell is left out.
 */
@Component
class MachineProbe {
  private static final double MEGABYTE = 1e6;
  private static final Pattern KILOBYTES = Pattern.compile("(\\w+):\\s+(\\d+) kB");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path PROCESS = Path.of("/proc/self/status");

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** What there is now, by metric names. */
  Map<String, Double> read() {
    Map<String, Double> values = new TreeMap<>();
    double load = system.getCpuLoad();
    if (load >= 0) {
      values.put("system/cpu_utilization_percentage", 100 * load);
    }
    memory(values);
    kilobytes(PROCESS, "VmRSS")
        .ifPresent(
            resident ->
                values.put("system/process_resident_memory_megabytes", resident * 1024 / MEGABYTE));
    gpus(values);
    return values;
  }

  private void memory(Map<String, Double> values) {
    double total = system.getTotalMemorySize();
    double used = total - available();
    if (total > 0 && used >= 0) {
      values.put("system/system_memory_usage_megabytes", used / MEGABYTE);
      values.put("system/system_memory_usage_percentage", 100 * used / total);
    }
  }

  /** Linux counts what its caches hold as available, the bean does not. */
  private double available() {
    OptionalLong kilobytes = kilobytes(MEMORY, "MemAvailable");
    OptionalLong all = kilobytes(MEMORY, "MemTotal");
    // In a container the bean tells of the container, the file of the whole machine.
    boolean same =
        all.isPresent()
            && Math.abs(all.getAsLong() * 1024.0 - system.getTotalMemorySize()) < MEGABYTE;
    return same && kilobytes.isPresent()
        ? kilobytes.getAsLong() * 1024.0
        : system.getFreeMemorySize();
  }

  private static void gpus(Map<String, Double> values) {
    for (int i = 0; i < gpuCount(); i++) {
      MemoryUsage memory = CudaUtils.getGpuMemory(Device.gpu(i));
      String name = "system/gpu_" + i + "_memory_usage_";
      values.put(name + "megabytes", memory.getUsed() / MEGABYTE);
      if (memory.getMax() > 0) {
        values.put(name + "percentage", 100.0 * memory.getUsed() / memory.getMax());
      }
    }
  }

  private static int gpuCount() {
    try {
      return CudaUtils.getGpuCount();
    } catch (LinkageError noRuntime) {
      return 0;
    }
  }

  private static OptionalLong kilobytes(Path file, String field) {
    if (!Files.isReadable(file)) {
      return OptionalLong.empty();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(KILOBYTES::matcher)
          .filter(Matcher::matches)
          .filter(line -> line.group(1).equals(field))
          .mapToLong(line -> Long.parseLong(line.group(2)))
          .findFirst();
    } catch (IOException unreadable) {
      return OptionalLong.empty();
    }
  }
}
