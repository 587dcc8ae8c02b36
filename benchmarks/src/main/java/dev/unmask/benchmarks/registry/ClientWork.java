package dev.unmask.benchmarks.registry;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What the clients themselves take of the machine that they share with what they measure. */
final class ClientWork {
  private final long start = System.nanoTime();
  private final long cpu = cpuNanos();

  /** Cores that this process kept busy since this was made, on average. */
  double cores() {
    return (double) (cpuNanos() - cpu) / (System.nanoTime() - start);
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
