package dev.unmask.local;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts the stack and keeps it up. */
@Command(
    name = "up",
    description = "Starts PostgreSQL and the four services, and keeps them up until Ctrl-C.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class UpCommand implements Callable<Integer> {
  @Mixin private final StackOptions options = new StackOptions();

  @Override
  public Integer call() {
    Terminal terminal = options.terminal();
    try (StackSession session = StackSession.start(options.settings(), terminal)) {
      SignIn.explain(terminal, session.address());
      terminal.say("Ctrl-C stops it.");
      session.awaitEnd();
    }
    return 0;
  }
}
