package dev.unmask.local;

import dev.unmask.local.importing.ModelImport;
import dev.unmask.local.stack.DataDirectory;
import dev.unmask.local.stack.LocalStack;
import dev.unmask.local.stack.RunningStack;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A published model, registered and served. */
@Command(
    name = "import",
    description =
        "Registers a Hugging Face model directory or a GGUF file and deploys it, in the stack that"
            + " runs on the data folder or in one started for it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ImportCommand implements Callable<Integer> {
  @Mixin private final StackOptions options = new StackOptions();

  @Parameters(
      paramLabel = "SOURCE",
      description = "Directory with config.json, tokenizer and *.safetensors; or FILE.gguf.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path source;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "Name of the registered model and of the deployment.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String name;

  @Option(
      names = "--alias",
      paramLabel = "ALIAS",
      description = "Alias to point at the version, such as champion.")
  private @Nullable String alias;

  @Option(names = "--exit", description = "End after the import instead of staying up.")
  private boolean exit;

  @Override
  public Integer call() {
    ModelImport.check(source, name);
    Terminal terminal = options.terminal();
    Optional<RunningStack> running = LocalStack.running(DataDirectory.open(options.data()));
    if (running.isPresent()) {
      bring(running.get(), terminal);
      return 0;
    }
    try (StackSession session = StackSession.start(options.settings(), terminal)) {
      bring(session.address(), terminal);
      if (!exit) {
        terminal.say("Ctrl-C stops it.");
        session.awaitEnd();
      }
    }
    return 0;
  }

  private void bring(RunningStack stack, Terminal terminal) {
    ModelImport.into(stack.gateway(), Path.of(stack.ownerToken()), terminal)
        .run(source, name, alias);
    SignIn.explain(terminal, stack);
  }
}
