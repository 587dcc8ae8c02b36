package dev.unmask.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The shell script at the root of the repository. */
class LauncherIT {
  private static final Path SCRIPT = Path.of("..", "unmask").toAbsolutePath().normalize();

  @Test
  void runsTheBuiltCommand() throws Exception {
    Result result = run(Map.of(), "--version");

    assertThat(result.output()).contains("unmask 0.1.0").contains("JVM 25");
    assertThat(result.exit()).isZero();
  }

  private record Result(int exit, String output) {}

  private static Result run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("UNMASK_BUILD", "never");
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }
}
