package dev.unmask.inference.deployment;

import dev.unmask.registry.api.DeploymentReportsApi;
import dev.unmask.registry.api.DeploymentReportsApi.DeploymentReport;
import dev.unmask.registry.api.DeploymentReportsApi.ReportedDeployment;
import dev.unmask.support.client.PeerProperties;
import dev.unmask.support.client.ServiceClients;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Tells the registry what is served here, at once when it changes and again and again as a sign of
 * life. On a thread of its own: whatever happens to a report, serving goes on, and the next report
 * tells everything anew.
 */
@Component
class DeploymentReports implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeploymentReports.class);
  private static final int MOST = 1_000;

  private final DeploymentService deployments;
  private final DeploymentReportsApi registry;
  private final InferenceProperties properties;
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("unmask-deployment-reports").daemon(true).factory());

  DeploymentReports(
      DeploymentService deployments,
      ServiceClients clients,
      PeerProperties peers,
      InferenceProperties properties) {
    this.deployments = deployments;
    this.registry = clients.create(DeploymentReportsApi.class, peers.registry().url().toString());
    this.properties = properties;
  }

  @EventListener(ApplicationReadyEvent.class)
  void begin() {
    long pause = properties.reportEvery().toMillis();
    var unused = worker.scheduleWithFixedDelay(this::report, pause, pause, TimeUnit.MILLISECONDS);
  }

  /** Something changed. */
  void soon() {
    if (asked.compareAndSet(false, true)) {
      try {
        worker.execute(this::report);
      } catch (RejectedExecutionException stopping) {
        log.debug("the service is stopping, nothing is reported any more");
      }
    }
  }

  /** A deployment is no more. */
  void ended(String id) {
    ended.add(id);
    soon();
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }

  private void report() {
    asked.set(false);
    try {
      // Taken before the rows are read: who ended meanwhile is told by the next report.
      List<String> gone = ended.stream().limit(MOST).toList();
      registry.report(new DeploymentReport(serving(), gone));
      gone.forEach(ended::remove);
    } catch (RuntimeException untold) {
      log.info("the registry was not told what is served here: {}", untold.getMessage());
    }
  }

  private List<ReportedDeployment> serving() {
    return deployments.all().stream()
        .limit(MOST)
        .map(
            deployment ->
                new ReportedDeployment(
                    deployment.id(),
                    deployment.team(),
                    deployment.name(),
                    deployment.version().name(),
                    deployment.version().version(),
                    deployment.version().digest(),
                    deployment.status().name(),
                    deployment.createdAt()))
        .toList();
  }
}
