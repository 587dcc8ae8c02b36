package dev.unmask.local.demo;

import dev.unmask.inference.api.DeploymentView;
import dev.unmask.local.Terminal;
import dev.unmask.local.client.GatewayClient;
import dev.unmask.local.client.GatewayFailure;
import dev.unmask.local.demo.CompletionClient.Request;
import dev.unmask.registry.api.ModelsApi.ModelVersionView;
import dev.unmask.training.api.JobProgress;
import dev.unmask.training.api.JobView;
import java.net.URI;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The whole way, told as it goes: train, register, deploy, stream, compare. */
public final class Demo {
  private static final int COMPLETION_TOKENS = 120;
  private static final int INFILL_TOKENS = 16;
  private static final int COMPARED_TOKENS = 256;
  private static final int WARM_UP_TOKENS = 8;

  private final GatewayClient gateway;
  private final Terminal terminal;
  private final TrainingSteps training;

  private Demo(GatewayClient gateway, Terminal terminal) {
    this.gateway = gateway;
    this.terminal = terminal;
    this.training = new TrainingSteps(gateway, terminal);
  }

  /** A demo against a running stack. */
  public static Demo against(URI gateway, Path ownerToken, Terminal terminal) {
    return new Demo(GatewayClient.withTokenOf(ownerToken, gateway), terminal);
  }

  /**
   * Plays the demo; what an earlier one trained is found and used.
   *
   * @throws DemoFailure when a part of the stack refuses or fails
   */
  public void play(DemoSettings settings) {
    ServingSteps serving = new ServingSteps(gateway, terminal, settings.recipe());
    Optional<ModelVersionView> earlier = serving.champion();
    earlier.ifPresent(
        version ->
            terminal.say(
                "Found the model %s version %d (alias %s) of an earlier demo: no training. Another"
                        .formatted(version.name(), version.version(), Recipe.ALIAS)
                    + " --data folder starts afresh."));
    JobView job = earlier.isPresent() ? null : training.train(settings);
    ModelVersionView version =
        earlier.or(serving::champion).orElseThrow(() -> new DemoFailure("no version registered"));
    if (job != null) {
      terminal.say(
          "Registered %s version %d, alias %s, %s."
              .formatted(version.name(), version.version(), Recipe.ALIAS, version.digest()));
    }
    DeploymentView deployment = serving.deploy(version);
    DemoReport report = decode(settings, serving, deployment, version, earlier.isPresent());
    settings.json().ifPresent(report::writeTo);
  }

  private DemoReport decode(
      DemoSettings settings,
      ServingSteps serving,
      DeploymentView deployment,
      ModelVersionView version,
      boolean found) {
    Recipe recipe = settings.recipe();
    CompletionClient completions =
        new CompletionClient(gateway, deployment.name(), recipe.temperature());
    Prompts prompts = Prompts.of(settings);
    return new DemoReport(
        gateway.gateway(),
        figures(recipe, found, version),
        new DemoReport.Model(version.name(), version.version(), version.digest(), deployment.id()),
        complete(recipe, completions, prompts),
        infill(completions, prompts),
        recipe.compares() ? compare(serving, completions, deployment, prompts) : null);
  }

  private DemoReport.Training figures(Recipe recipe, boolean found, ModelVersionView version) {
    return training
        .jobOf(recipe, version.version())
        .map(
            job -> {
              JobProgress last = job.progress();
              return new DemoReport.Training(
                  found,
                  job.id(),
                  last.optimizerStep(),
                  last.loss(),
                  last.validation(),
                  last.bitsPerByte(),
                  last.tokensPerSecond());
            })
        .orElse(new DemoReport.Training(found, null, null, null, null, null, null));
  }

  private Generation complete(Recipe recipe, CompletionClient completions, Prompts prompts) {
    terminal.say("");
    terminal.say(recipe.compares() ? "A completion, decoded in parallel:" : "A completion:");
    terminal.write(prompts.completion());
    Generation completion =
        completions.stream(
            Request.completion(prompts.completion(), COMPLETION_TOKENS), terminal::write);
    terminal.say("");
    terminal.say("-- " + completion.figures());
    return completion;
  }

  /** Not every family fills gaps: what the service says of that is told. */
  private @Nullable Generation infill(CompletionClient completions, Prompts prompts) {
    try {
      return fill(completions, prompts);
    } catch (GatewayFailure refused) {
      terminal.say("");
      terminal.say("No infilling: " + refused.getMessage());
      return null;
    }
  }

  private Generation fill(CompletionClient completions, Prompts prompts) {
    terminal.say("");
    terminal.say("An infilling, between [ and ]:");
    terminal.write(prompts.before() + "[");
    Generation infilling =
        completions.stream(
            Request.infilling(prompts.before(), prompts.after(), INFILL_TOKENS), terminal::write);
    terminal.write("]" + prompts.after());
    terminal.say("");
    terminal.say("-- " + infilling.figures());
    return infilling;
  }

  private DemoReport.Comparison compare(
      ServingSteps serving,
      CompletionClient completions,
      DeploymentView deployment,
      Prompts prompts) {
    terminal.say("");
    terminal.say("The same prompt and seed, %d tokens:".formatted(COMPARED_TOKENS));
    Generation parallel = medianOfThree(completions, prompts);
    double parallelPerplexity = serving.perplexity(deployment, parallel);
    tell("cached, parallel", parallel, parallelPerplexity);

    completions.generate(plain(prompts, WARM_UP_TOKENS));
    Generation plain = completions.generate(plain(prompts, COMPARED_TOKENS));
    double plainPerplexity = serving.perplexity(deployment, plain);
    tell("one token a step", plain, plainPerplexity);
    double ratio = parallel.tokensPerSecond() / plain.tokensPerSecond();
    terminal.say("Cached parallel decoding is %.1f times as fast.".formatted(ratio));
    return new DemoReport.Comparison(parallel, parallelPerplexity, plain, plainPerplexity, ratio);
  }

  /** The same text three times; half a second each, so a busy moment of the machine shows. */
  private static Generation medianOfThree(CompletionClient completions, Prompts prompts) {
    Request request = Request.exactly(COMPARED_TOKENS, prompts.completion(), Map.of());
    return Stream.generate(() -> completions.generate(request))
        .limit(3)
        .sorted(Comparator.comparingDouble(Generation::seconds))
        .toList()
        .get(1);
  }

  private static Request plain(Prompts prompts, int tokens) {
    return Request.exactly(tokens, prompts.completion(), Recipe.plainDecoding());
  }

  private void tell(String how, Generation generation, double perplexity) {
    terminal.say("  %-17s %s; perplexity %.1f".formatted(how, generation.figures(), perplexity));
  }
}
