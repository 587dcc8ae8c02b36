package dev.unmask.registry.lineage;

import dev.unmask.registry.api.LineageApi.Lineage;
import dev.unmask.registry.api.LineageApi.NodeKind;
import dev.unmask.registry.model.ModelVersion;
import dev.unmask.registry.model.ModelVersionService;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunService;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Follows the flow of data against its direction and along it, a step of all nodes at a time:
 * ancestors and descendants, not what only shares an ancestor.
 */
@Service
class LineageService {
  private final RunService runs;
  private final ModelVersionService versions;
  private final LineageTable table;
  private final LineageProperties properties;
  private final Clock clock;

  LineageService(
      RunService runs,
      ModelVersionService versions,
      LineageTable table,
      LineageProperties properties,
      Clock clock) {
    this.runs = runs;
    this.versions = versions;
    this.table = table;
    this.properties = properties;
    this.clock = clock;
  }

  @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
  public Lineage ofRun(String team, String runId) {
    Run run = runs.get(team, runId);
    Graph graph = new Graph(Nodes.run(run.runId(), run.name(), run.status().name()));
    return filled(graph, team, run.uid());
  }

  @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
  public Lineage ofVersion(String team, String name, String ref) {
    ModelVersion version = versions.resolve(team, name, ref);
    Graph graph = new Graph(Nodes.version(version.model(), version.version(), version.digest()));
    return filled(graph, team, version.uid());
  }

  private Lineage filled(Graph graph, String team, long start) {
    graph.startFrom(start);
    for (var fresh = graph.takeFresh(); !fresh.isEmpty(); fresh = graph.takeFresh()) {
      before(graph, team, fresh);
    }
    graph.startFrom(start);
    for (var fresh = graph.takeFresh(); !fresh.isEmpty(); fresh = graph.takeFresh()) {
      behind(graph, team, fresh);
    }
    return graph.lineage();
  }

  private void before(Graph graph, String team, Map<NodeKind, List<Long>> fresh) {
    fresh.forEach(
        (kind, found) -> {
          Long[] uids = found.toArray(Long[]::new);
          switch (kind) {
            case RUN -> {
              graph.add(kind, table.datasetsReadBy(uids), true);
              graph.add(kind, table.modelsReadBy(team, uids), true);
            }
            case LOGGED_MODEL -> graph.add(kind, table.runsThatMade(team, uids), true);
            case VERSION -> {
              graph.add(kind, table.modelsRegisteredAs(team, uids), true);
              graph.add(kind, table.runsRegisteredAs(team, uids), true);
            }
            case DATASET, DEPLOYMENT -> {}
          }
        });
  }

  private void behind(Graph graph, String team, Map<NodeKind, List<Long>> fresh) {
    fresh.forEach(
        (kind, found) -> {
          Long[] uids = found.toArray(Long[]::new);
          switch (kind) {
            case RUN -> {
              graph.add(kind, table.modelsMadeBy(team, uids), false);
              graph.add(kind, table.versionsOfRuns(team, uids), false);
            }
            case LOGGED_MODEL -> {
              graph.add(kind, table.versionsOfModels(team, uids), false);
              graph.add(kind, table.runsThatRead(team, uids), false);
            }
            case VERSION -> graph.add(kind, deployments(team, uids), false);
            case DATASET, DEPLOYMENT -> {}
          }
        });
  }

  private List<Found> deployments(String team, Long[] versionUids) {
    Instant now = clock.instant();
    return table.deploymentsOf(
        team, versionUids, now.minus(properties.staleAfter()), now.minus(properties.forgetAfter()));
  }
}
