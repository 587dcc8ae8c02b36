package dev.unmask.benchmarks;

import ai.djl.engine.Engine;
import dev.unmask.lm.torch.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the figures were measured on: the first line of every benchmark. */
public final class Machine {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** For benchmarks that need no PyTorch: it would start threads and take memory. */
  public static Result facts(String benchmark) {
    return Result.of(benchmark, "machine", Runtime.getRuntime().availableProcessors(), "cores")
        .with("cpu", cpu())
        .with("java", System.getProperty("java.version"))
        .with("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
  }

  static Result withPyTorch(String benchmark) {
    int threads = TensorScope.threads(); // starts PyTorch with the library's own settings
    Engine engine = Engine.getEngine("PyTorch");
    return facts(benchmark)
        .with("device", engine.getGpuCount() > 0 ? "gpu" : "cpu")
        .with("threads", threads)
        .with("pytorch", engine.getVersion());
  }

  private static String cpu() {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown"; // only Linux has this file
    }
  }
}
