package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * What came from what: data sets, runs, logged models, registered versions and where they are
 * served, scoped to the caller's team.
 */
@HttpExchange("/api/v1/registry")
public interface LineageApi {

  /**
   * Everything that a run came from and everything that came from it.
   *
   * @return 200; 404 when the team has no such run
   */
  @GetExchange("/runs/{run}/lineage")
  Lineage ofRun(@PathVariable String run);

  /**
   * Everything that a version of a model came from, and what serves it.
   *
   * @param ref a number such as {@code 3}, or an alias such as {@code @champion}
   * @return 200; 404 when the team has no such version
   */
  @GetExchange("/models/{name}/versions/{ref}/lineage")
  Lineage ofVersion(@PathVariable String name, @PathVariable String ref);

  /** What a node stands for. */
  enum NodeKind {
    DATASET,
    RUN,
    LOGGED_MODEL,
    VERSION,
    DEPLOYMENT
  }

  /**
   * @param start id of the node that was asked about
   * @param nodes the nearest to the start first, at most 500
   * @param edges in the direction in which data flows, between nodes that are there
   * @param truncated whether there was more than fits
   */
  record Lineage(String start, List<Node> nodes, List<Edge> edges, boolean truncated) {}

  /**
   * @param id unique among the nodes
   * @param ref what other routes call it: a run's or a logged model's id, a version's number, a
   *     deployment's id at the service that serves it, a data set's digest
   * @param name a run's, model's, deployment's or data set's name
   * @param status of a run, a logged model or a deployment, as its service last said
   * @param digest of a version's files, of a data set's content, and of the files that a deployment
   *     serves
   * @param stale of a deployment: whether its service has been silent for so long that it may be
   *     gone
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Node(
      String id,
      NodeKind kind,
      String ref,
      String name,
      @Nullable String status,
      @Nullable String digest,
      @Nullable Boolean stale) {}

  /**
   * @param from id of the node that was read, registered or served
   * @param to id of the node that was made by it
   */
  record Edge(String from, String to) {}
}
