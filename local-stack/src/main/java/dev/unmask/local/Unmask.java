package dev.unmask.local;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code unmask} command. */
@Command(
    name = "unmask",
    description = "Trains, registers and serves diffusion language models on this machine.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      DemoCommand.class,
      ImportCommand.class,
      DoctorCommand.class,
      TokenCommand.class,
      ServiceCommandLine.class,
      HelpCommand.class
    },
    footer = {"", "Start with: unmask doctor, then unmask demo"})
public final class Unmask {
  private Unmask() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Unmask())
        .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
        .setExecutionExceptionHandler(new FailureMessages());
  }
}
