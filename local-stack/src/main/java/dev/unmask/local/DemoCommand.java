package dev.unmask.local;

import dev.unmask.local.demo.Demo;
import dev.unmask.local.demo.DemoSettings;
import dev.unmask.local.stack.DataDirectory;
import dev.unmask.local.stack.LocalStack;
import dev.unmask.local.stack.RunningStack;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The whole way: text in, model trained, registered, served, text out. */
@Command(
    name = "demo",
    description =
        "Starts the stack, trains a small diffusion language model on sample text, registers and"
            + " deploys it, and decodes with it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DemoCommand implements Callable<Integer> {
  @Mixin private final StackOptions options = new StackOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "Training time (default: 4, methods that start from nothing: 30).")
  private @Nullable Double minutes;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      defaultValue = "block",
      completionCandidates = Methods.class,
      description =
          "block: an autoregressive start converted to block diffusion (default). Or a method of"
              + " docs/methods.md, which may need longer. One of ${COMPLETION-CANDIDATES}.")
  private String method = "block";

  @Option(
      names = "--corpus",
      paramLabel = "FILE",
      description =
          "UTF-8 text to train on; form feeds separate documents (default: Java sources).")
  private @Nullable Path corpus;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures to a file.")
  private @Nullable Path json;

  @Option(names = "--exit", description = "End after the demo instead of staying up.")
  private boolean exit;

  /** What {@code --method} takes. */
  static final class Methods implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return DemoSettings.methods().iterator();
    }
  }

  @Override
  public Integer call() {
    if (minutes != null && !(minutes > 0 && minutes <= 10_080)) {
      throw new ParameterException(
          spec.commandLine(), "--minutes must be in (0, 10080], was " + minutes);
    }
    if (!DemoSettings.methods().contains(method)) {
      throw new ParameterException(
          spec.commandLine(),
          "--method must be one of %s, was %s".formatted(DemoSettings.methods(), method));
    }
    DemoSettings settings = DemoSettings.of(method, minutes, corpus, json);
    Terminal terminal = options.terminal();
    Optional<RunningStack> running = LocalStack.running(DataDirectory.open(options.data()));
    if (running.isPresent()) {
      terminal.say("A stack already runs on this folder: using it.");
      play(settings, running.get(), terminal);
      return 0;
    }
    try (StackSession session = StackSession.start(options.settings(), terminal)) {
      play(settings, session.address(), terminal);
      if (!exit) {
        terminal.say("Ctrl-C stops it.");
        session.awaitEnd();
      }
    }
    return 0;
  }

  private static void play(DemoSettings settings, RunningStack stack, Terminal terminal) {
    Demo.against(stack.gateway(), Path.of(stack.ownerToken()), terminal).play(settings);
    SignIn.explain(terminal, stack);
  }
}
