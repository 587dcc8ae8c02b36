package dev.unmask.registry.lineage;

import dev.unmask.registry.api.LineageApi.Edge;
import dev.unmask.registry.api.LineageApi.Lineage;
import dev.unmask.registry.api.LineageApi.Node;
import dev.unmask.registry.api.LineageApi.NodeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects nodes and edges up to a limit, and remembers which nodes were not yet looked at. */
final class Graph {
  private static final int MOST = 500;

  /** Rows of a query at most; several may lead to the same node. */
  static final int ROWS = 2_000;

  private final Node start;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Set<Edge> edges = new LinkedHashSet<>();
  private final Map<NodeKind, Map<Long, String>> ids = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private Map<NodeKind, List<Long>> fresh = new HashMap<>();
  private boolean truncated;

  Graph(Node start) {
    this.start = start;
    nodes.put(start.id(), start);
  }

  /** Begins to look around in one direction, from the node that was asked about. */
  void startFrom(long uid) {
    fresh = new HashMap<>();
    // A run may read what it made: the model is then found in both directions.
    seen.clear();
    seen.add(start.id());
    ids.computeIfAbsent(start.kind(), kind -> new HashMap<>()).put(uid, start.id());
    fresh.put(start.kind(), new ArrayList<>(List.of(uid)));
  }

  /** The nodes that were found by the last look around, by kind; they count as looked at now. */
  Map<NodeKind, List<Long>> takeFresh() {
    Map<NodeKind, List<Long>> taken = fresh;
    fresh = new HashMap<>();
    return taken;
  }

  /** Adds what was found beside nodes of a kind, before them in the flow of data or behind. */
  void add(NodeKind beside, List<Found> found, boolean before) {
    truncated |= found.size() == ROWS;
    for (Found one : found) {
      Node node = one.node();
      String other = ids.getOrDefault(beside, Map.of()).get(one.beside());
      if (other == null) {
        continue;
      }
      if (!nodes.containsKey(node.id())) {
        if (nodes.size() == MOST) {
          truncated = true;
          continue;
        }
        nodes.put(node.id(), node);
        ids.computeIfAbsent(node.kind(), kind -> new HashMap<>()).put(one.uid(), node.id());
      }
      if (seen.add(node.id())) {
        fresh.computeIfAbsent(node.kind(), kind -> new ArrayList<>()).add(one.uid());
      }
      edges.add(before ? new Edge(node.id(), other) : new Edge(other, node.id()));
    }
  }

  Lineage lineage() {
    return new Lineage(start.id(), List.copyOf(nodes.values()), List.copyOf(edges), truncated);
  }
}
