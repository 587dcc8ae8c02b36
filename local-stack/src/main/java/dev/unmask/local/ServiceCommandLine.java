package dev.unmask.local;

import dev.unmask.local.stack.ServiceProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** One service in this process; {@code --isolated} starts it, and so does a container. */
@Command(
    name = "service",
    hidden = true,
    description = "Runs one service in this process.",
    versionProvider = Version.class)
final class ServiceCommandLine implements Callable<Integer> {
  @Parameters(paramLabel = "SERVICE", description = "registry, training, inference or gateway")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String service;

  @Option(
      names = "--lock",
      paramLabel = "FILE",
      required = true,
      description = "Held while it runs")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path lock;

  /** Everything else is Spring's. */
  @Unmatched private final List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    ServiceProcess.run(service, lock, arguments);
    return 0;
  }
}
