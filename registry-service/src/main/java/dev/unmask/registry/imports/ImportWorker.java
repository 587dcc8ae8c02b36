package dev.unmask.registry.imports;

import dev.unmask.registry.api.ImportsApi.ImportState;
import dev.unmask.registry.outbound.OutboundClient;
import dev.unmask.registry.outbound.OutboundTargets;
import dev.unmask.support.error.UnmaskException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Works on imports, one at a time, on a thread of its own. What another worker left, because it was
 * killed or its server was away, is taken up where it stood.
 */
@Component
class ImportWorker implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(ImportWorker.class);

  private final ImportTable table;
  private final ExperimentImport experiments;
  private final ModelImport models;
  private final Credentials credentials;
  private final ImportProperties properties;
  private final OutboundTargets targets;
  private final JsonMapper json;
  private final Clock clock;
  private final String name = UUID.randomUUID().toString();
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("unmask-imports").daemon(true).factory());
  private volatile @Nullable SourceServer source;

  ImportWorker(
      ImportTable table,
      ExperimentImport experiments,
      ModelImport models,
      Credentials credentials,
      ImportProperties properties,
      JsonMapper json,
      Clock clock) {
    this.table = table;
    this.experiments = experiments;
    this.models = models;
    this.credentials = credentials;
    this.properties = properties;
    this.targets = new OutboundTargets(properties.ports(), properties.trustedTargets());
    this.json = json;
    this.clock = clock;
  }

  @EventListener(ApplicationReadyEvent.class)
  void begin() {
    long pause = properties.every().toMillis();
    var unused = worker.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
  }

  /** What is being read is broken off; the import is taken up at the next start. */
  @Override
  public void destroy() {
    worker.shutdownNow();
    SourceServer open = source;
    if (open != null) {
      open.close();
    }
  }

  private void look() {
    try {
      Optional<Import> claimed = table.claim(name, properties.lease());
      while (claimed.isPresent() && !worker.isShutdown()) {
        bring(claimed.get());
        claimed = table.claim(name, properties.lease());
      }
    } catch (RuntimeException failure) {
      log.warn("the imports that wait could not be looked at", failure);
    }
  }

  private void bring(Import job) {
    try {
      bringAll(job);
      table.end(job.id(), name, ImportState.FINISHED, null);
    } catch (ImportStopped stopped) {
      log.info("import {} is not worked on any more here", job.id());
    } catch (SourceFault.Away away) {
      if (!worker.isShutdown()) {
        later(job, away.told());
      }
    } catch (SourceFault | UnmaskException refused) {
      table.end(job.id(), name, ImportState.FAILED, refused.getMessage());
    } catch (RuntimeException failure) {
      if (!worker.isShutdown()) {
        log.error("import {}", job.id(), failure);
        later(job, "a fault of the registry, whose log says more");
      }
    }
  }

  private void bringAll(Import job) {
    URI url = targets.checked(job.url());
    byte[] sealed = job.credentials();
    String authorization = sealed == null ? null : credentials.open(job.id(), sealed);
    try (SourceServer server =
        new SourceServer(
            OutboundClient.of(targets, properties.timeout(), "unmask-imports"),
            url,
            authorization,
            json)) {
      source = server;
      Work work = new Work(job, server, table, name, properties.lease(), clock);
      work.goOn();
      experiments.bring(work);
      if (job.models()) {
        models.bring(work);
      }
    } finally {
      source = null;
    }
  }

  private void later(Import job, String error) {
    List<Duration> pauses = properties.pauses();
    // The table counts anew after progress, which this copy of the row does not show.
    int attempts = table.attempts(job.id());
    if (attempts > pauses.size()) {
      table.end(job.id(), name, ImportState.FAILED, error);
    } else {
      table.pause(job.id(), name, error, pauses.get(Math.max(attempts, 1) - 1));
    }
  }
}
