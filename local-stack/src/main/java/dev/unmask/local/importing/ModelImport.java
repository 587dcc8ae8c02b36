package dev.unmask.local.importing;

import dev.unmask.inference.api.CreateDeployment;
import dev.unmask.inference.api.DeploymentStatus;
import dev.unmask.inference.api.DeploymentView;
import dev.unmask.local.Poll;
import dev.unmask.local.Terminal;
import dev.unmask.local.client.GatewayClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Registers a model of others through the gateway and deploys it. */
public final class ModelImport {
  private static final String DEPLOYMENTS = "/api/v1/inference/deployments";
  private static final Duration LOAD_LIMIT = Duration.ofMinutes(10);
  private static final Duration GLANCE = Duration.ofMillis(200);

  private final GatewayClient gateway;
  private final Terminal terminal;

  private ModelImport(GatewayClient gateway, Terminal terminal) {
    this.gateway = gateway;
    this.terminal = terminal;
  }

  /** An import into a running stack. */
  public static ModelImport into(URI gateway, Path ownerToken, Terminal terminal) {
    return new ModelImport(GatewayClient.withTokenOf(ownerToken, gateway), terminal);
  }

  /**
   * Imports a model; files that the registry holds already are not sent again.
   *
   * @param source a model directory or a GGUF file
   * @param name of the registered model and of the deployment
   * @param alias to point at the version; null for none
   * @throws ImportFailure if it is no model that can be imported, or does not load
   */
  public void run(Path source, String name, @Nullable String alias) {
    if (Files.isDirectory(source)) {
      serve(ModelFiles.of(source), name, alias);
    } else {
      importGguf(source, name, alias);
    }
  }

  /**
   * Tells before a stack starts what {@link #run} would refuse at a glance.
   *
   * @throws ImportFailure naming the fault
   */
  public static void check(Path source, String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
      throw new ImportFailure(
          "--name must start with a letter or digit and hold only letters, digits, . _ -, was "
              + name);
    }
    if (Files.isDirectory(source)) {
      ModelFiles.of(source);
    } else if (!Files.isRegularFile(source)
        || !ModelFiles.name(source).toLowerCase(Locale.ROOT).endsWith(".gguf")) {
      throw new ImportFailure(source + " is neither a directory nor a .gguf file");
    }
  }

  private void importGguf(Path source, String name, @Nullable String alias) {
    Path scratch = scratch();
    try {
      terminal.say("Converting " + source + " to safetensors ...");
      serve(ModelFiles.ofGguf(source, scratch), name, alias);
    } finally {
      remove(scratch);
    }
  }

  private void serve(ModelFiles model, String name, @Nullable String alias) {
    int version = new Registration(gateway, terminal).register(model, name, alias);
    DeploymentView deployment = deploy(name, version);
    terminal.say(
        "Deployed %s version %d (family %s): POST %s/v1/completions with \"model\": \"%s\"."
            .formatted(
                name, deployment.version(), model.family(), gateway.gateway(), deployment.name()));
  }

  private DeploymentView deploy(String name, int version) {
    Arrays.stream(gateway.get(DEPLOYMENTS, DeploymentView[].class))
        .filter(earlier -> earlier.name().equals(name))
        .forEach(earlier -> gateway.delete(DEPLOYMENTS + "/" + earlier.id()));
    DeploymentView created =
        gateway.post(
            DEPLOYMENTS,
            new CreateDeployment(name, "models:/" + name + "/" + version, null, null),
            DeploymentView.class);
    DeploymentView ended =
        Poll.until(LOAD_LIMIT, GLANCE, () -> loaded(created.id()))
            .orElseThrow(() -> new ImportFailure("the deployment is still loading"));
    if (ended.status() == DeploymentStatus.FAILED) {
      throw new ImportFailure(
          "registered, but the deployment failed: "
              + Objects.requireNonNullElse(ended.detail(), "no reason given"));
    }
    return ended;
  }

  private Optional<DeploymentView> loaded(String id) {
    return Optional.of(gateway.get(DEPLOYMENTS + "/" + id, DeploymentView.class))
        .filter(one -> one.status() != DeploymentStatus.LOADING);
  }

  private static Path scratch() {
    try {
      return Files.createTempDirectory("unmask-import");
    } catch (IOException e) {
      throw new ImportFailure("cannot make a temporary folder: " + e.getMessage(), e);
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new ImportFailure("cannot remove " + folder + ": " + e.getMessage(), e);
    }
  }
}
