package dev.unmask.local;

import dev.unmask.local.stack.StackPorts;
import dev.unmask.local.stack.StackSettings;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that every command about a stack takes. */
final class StackOptions {
  private static final int HIGHEST_PORT = 65_535 - 4;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${sys:user.home}/.unmask",
      description = "Folder that keeps everything between starts (default: ~/.unmask).")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path data;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + StackPorts.DEFAULT,
      description =
          "The gateway's port (default: ${DEFAULT-VALUE}); the services and PostgreSQL use the next"
              + " four, or free ones where taken.")
  private int port;

  @Option(names = "--isolated", description = "Give each service a process of its own.")
  private boolean isolated;

  Path data() {
    return data;
  }

  int port() {
    return port;
  }

  StackSettings settings() {
    if (port < 1 || port > HIGHEST_PORT) {
      throw new ParameterException(
          command.commandLine(), "--port must be in [1, %d], was %d".formatted(HIGHEST_PORT, port));
    }
    return new StackSettings(data, port, isolated);
  }

  Terminal terminal() {
    return new Terminal(
        command.commandLine().getOut(),
        command.commandLine().getErr(),
        System.console() != null && System.console().isTerminal());
  }
}
