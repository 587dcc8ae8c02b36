package dev.unmask.local;

import dev.unmask.local.stack.DataDirectory;
import dev.unmask.local.stack.StackFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the path, not the token: terminals are recorded and looked at. */
@Command(
    name = "token",
    description = "Prints where the local owner's API token is.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class TokenCommand implements Callable<Integer> {
  @Mixin private final StackOptions options = new StackOptions();

  @Override
  public Integer call() {
    Path token = new DataDirectory(options.data().toAbsolutePath().normalize()).ownerToken();
    if (Files.notExists(token)) {
      throw new StackFailure("no token yet in " + token + ": start the stack once (unmask up)");
    }
    options.terminal().say(token.toString());
    return 0;
  }
}
