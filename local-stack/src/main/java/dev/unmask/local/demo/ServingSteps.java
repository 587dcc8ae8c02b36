package dev.unmask.local.demo;

import dev.unmask.inference.api.CreateDeployment;
import dev.unmask.inference.api.DeploymentStatus;
import dev.unmask.inference.api.DeploymentView;
import dev.unmask.inference.api.ScoreView;
import dev.unmask.local.Poll;
import dev.unmask.local.Terminal;
import dev.unmask.local.client.GatewayClient;
import dev.unmask.registry.api.ModelsApi.ModelVersionView;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Registered version and deployment of the demo. */
final class ServingSteps {
  private static final String DEPLOYMENTS = "/api/v1/inference/deployments";
  private static final String VERSION = "/api/v1/registry/models/%s/versions/@%s";
  private static final Duration LOAD_LIMIT = Duration.ofMinutes(3);
  private static final int SCORED_EIGHTHS = 7;
  private static final Duration GLANCE = Duration.ofMillis(200);

  private final GatewayClient gateway;
  private final Terminal terminal;
  private final Recipe recipe;

  ServingSteps(GatewayClient gateway, Terminal terminal, Recipe recipe) {
    this.gateway = gateway;
    this.recipe = recipe;
    this.terminal = terminal;
  }

  /** The version that the alias names. */
  Optional<ModelVersionView> champion() {
    return gateway.find(VERSION.formatted(recipe.name(), Recipe.ALIAS), ModelVersionView.class);
  }

  /** Finds or makes a deployment of a version and waits until it takes requests. */
  DeploymentView deploy(ModelVersionView version) {
    Optional<DeploymentView> found = existing();
    if (found.isPresent() && unusable(found.get(), version)) {
      gateway.delete(DEPLOYMENTS + "/" + found.get().id());
      found = Optional.empty();
    }
    found.ifPresent(
        deployment -> terminal.say("Found the deployment \"%s\".".formatted(deployment.name())));
    DeploymentView deployment = found.orElseGet(this::create);
    DeploymentView ended =
        Poll.until(LOAD_LIMIT, GLANCE, () -> loaded(deployment.id()))
            .orElseThrow(() -> new DemoFailure("the deployment is still loading; try again"));
    if (ended.status() == DeploymentStatus.FAILED) {
      throw new DemoFailure(
          "the deployment failed: "
              + Objects.requireNonNullElse(ended.detail(), "no reason given"));
    }
    terminal.say("Deployed %s version %d.".formatted(ended.modelName(), ended.version()));
    return ended;
  }

  /**
   * Perplexity of most of a generated text under the deployed model, given its prompt. Text can
   * have more tokens than it was generated from, so the end is left out to stay in the context.
   */
  double perplexity(DeploymentView deployment, Generation generation) {
    String text = generation.text();
    String scored = text.substring(0, text.length() * SCORED_EIGHTHS / 8);
    return gateway
        .post(
            DEPLOYMENTS + "/" + deployment.id() + "/score",
            Map.of("text", generation.prompt() + scored, "from", generation.promptTokens()),
            ScoreView.class)
        .perplexity();
  }

  private Optional<DeploymentView> existing() {
    return Arrays.stream(gateway.get(DEPLOYMENTS, DeploymentView[].class))
        .filter(deployment -> deployment.name().equals(recipe.name()))
        .findFirst();
  }

  private static boolean unusable(DeploymentView deployment, ModelVersionView version) {
    return deployment.status() == DeploymentStatus.FAILED
        || !deployment.digest().equals(version.digest());
  }

  private DeploymentView create() {
    return gateway.post(
        DEPLOYMENTS,
        new CreateDeployment(
            recipe.name(),
            "models:/%s@%s".formatted(recipe.name(), Recipe.ALIAS),
            recipe.decoding(),
            null),
        DeploymentView.class);
  }

  private Optional<DeploymentView> loaded(String id) {
    DeploymentView deployment = gateway.get(DEPLOYMENTS + "/" + id, DeploymentView.class);
    return Optional.of(deployment).filter(one -> one.status() != DeploymentStatus.LOADING);
  }
}
