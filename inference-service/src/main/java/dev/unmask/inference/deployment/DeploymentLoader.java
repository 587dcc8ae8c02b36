package dev.unmask.inference.deployment;

import dev.unmask.inference.api.DeploymentStatus;
import dev.unmask.inference.engine.Engine;
import dev.unmask.inference.engine.LanguageModel;
import dev.unmask.inference.engine.ModelOpener;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.SafetensorsException;
import dev.unmask.lm.tokenizer.InvalidTokenizerException;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Brings deployments into memory, one after the other on a thread of its own: fetch, verify, open.
 * A registry that is away only delays a deployment whose files are not here yet.
 */
@Component
class DeploymentLoader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeploymentLoader.class);

  private final DeploymentService deployments;
  private final ModelFileCache cache;
  private final ModelOpener opener;
  private final Engine engine;
  private final DeploymentReports reports;
  private final InferenceProperties properties;
  private final Map<String, LanguageModel> loaded = new ConcurrentHashMap<>();
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("unmask-deployments").daemon(true).factory());

  DeploymentLoader(
      DeploymentService deployments,
      ModelFileCache cache,
      ModelOpener opener,
      Engine engine,
      DeploymentReports reports,
      InferenceProperties properties) {
    this.deployments = deployments;
    this.cache = cache;
    this.opener = opener;
    this.engine = engine;
    this.reports = reports;
    this.properties = properties;
  }

  /** Deployments survive a restart: all are loaded again, the failed ones too. */
  @EventListener(ApplicationReadyEvent.class)
  void reload() {
    for (Deployment deployment : deployments.all()) {
      deployments.setStatus(deployment.id(), DeploymentStatus.LOADING, null);
      load(deployment.id());
    }
  }

  void load(String id) {
    later(() -> attempt(id, properties.registryRetry()), Duration.ZERO);
  }

  /** Frees the memory of a deleted deployment, and the disk space that no other one needs. */
  void unload(String id) {
    reports.ended(id);
    LanguageModel model = loaded.remove(id);
    if (model != null) {
      var unused =
          engine.unload(
              model, new UnmaskException(ErrorCode.UNAVAILABLE, "the deployment was deleted"));
    }
    later(this::tidy, Duration.ZERO);
  }

  Optional<LanguageModel> model(String id) {
    return Optional.ofNullable(loaded.get(id));
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }

  private void attempt(String id, Duration pause) {
    Optional<Deployment> wanted = deployments.find(id);
    if (wanted.isEmpty()) {
      return;
    }
    reports.soon();
    try {
      open(wanted.get());
    } catch (UnmaskException away) {
      if (away.code() == ErrorCode.REGISTRY_UNAVAILABLE) {
        deployments.setStatus(id, DeploymentStatus.LOADING, shortened(away.detail()));
        later(() -> attempt(id, longer(pause)), pause);
      } else {
        failed(id, away.detail(), away);
      }
    } catch (ModelDamaged damaged) {
      failed(id, damaged.getMessage(), damaged);
    } catch (CompletionException unopened) {
      failed(id, reason(unopened.getCause()), unopened);
    } catch (RuntimeException broken) {
      failed(id, reason(broken), broken);
    }
  }

  private void open(Deployment wanted) {
    Path directory = cache.materialise(wanted.team(), wanted.version());
    checkTensors(wanted.version(), directory);
    LanguageModel model = engine.load(() -> opened(directory, wanted)).join();
    loaded.put(wanted.id(), model);
    if (deployments.setStatus(wanted.id(), DeploymentStatus.READY, null)) {
      log.info("deployment {} serves {}", wanted.id(), wanted.resolvedModel());
      reports.soon();
    } else {
      unload(wanted.id()); // deleted while it was loading
    }
  }

  /** What the library refuses is told to the team, without where this machine keeps its files. */
  private LanguageModel opened(Path directory, Deployment wanted) {
    try {
      return opener.open(directory, wanted.precision());
    } catch (IllegalArgumentException | InvalidTokenizerException | SafetensorsException refused) {
      String fault = (refused.getMessage() + "").replace(directory + "/", "");
      throw new ModelDamaged("the model cannot be read: " + fault, refused);
    }
  }

  /** Files can be damaged before they are registered; then their digests are right. */
  private static void checkTensors(RegisteredVersion version, Path directory) {
    for (ModelFile file : version.files()) {
      if (file.path().endsWith(".safetensors")) {
        try (Safetensors whole = Safetensors.open(directory.resolve(file.path()))) {
          log.debug("{} holds {} tensors", file.path(), whole.tensors().size());
        } catch (SafetensorsException damaged) {
          String fault = (damaged.getMessage() + "").replace(directory + "/", "");
          throw new ModelDamaged(file.path() + " is damaged: " + fault, damaged);
        }
      }
    }
  }

  private void failed(String id, @Nullable String detail, Exception cause) {
    log.warn("deployment {} failed to load", id, cause);
    deployments.setStatus(id, DeploymentStatus.FAILED, shortened(detail));
    reports.soon();
  }

  private void tidy() {
    Set<RegisteredVersion> needed =
        deployments.all().stream().map(Deployment::version).collect(Collectors.toSet());
    cache.retain(
        needed.stream().map(RegisteredVersion::digest).collect(Collectors.toSet()),
        needed.stream()
            .flatMap(version -> version.files().stream())
            .map(ModelFile::sha256)
            .collect(Collectors.toSet()));
  }

  private void later(Runnable work, Duration pause) {
    try {
      var unused = worker.schedule(() -> logged(work), pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopping) {
      log.debug("the service is stopping, nothing is loaded any more");
    }
  }

  private static void logged(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException failure) {
      log.error("work on a deployment failed", failure);
    }
  }

  private Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    Duration limit = properties.registryRetryLimit();
    return doubled.compareTo(limit) > 0 ? limit : doubled;
  }

  private static String reason(@Nullable Throwable cause) {
    return switch (cause) {
      case UnmaskException told -> told.detail();
      case ModelDamaged damaged -> damaged.getMessage() + "";
      case null, default -> "the model cannot be loaded, the log says why";
    };
  }

  private static @Nullable String shortened(@Nullable String detail) {
    return detail == null || detail.length() <= 2000 ? detail : detail.substring(0, 2000);
  }
}
