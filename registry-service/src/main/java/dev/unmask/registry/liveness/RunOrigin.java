package dev.unmask.registry.liveness;

import dev.unmask.registry.api.RunStateApi.Origin;
import dev.unmask.registry.run.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a run's origin from the tags that MLflow's clients and training set. */
final class RunOrigin {
  private static final String ENVIRONMENT = "unmask.environment.";

  private RunOrigin() {}

  static Origin of(Run.Details details) {
    Map<String, String> tags = details.tags();
    String dirty = tags.get("mlflow.source.git.dirty");
    SortedMap<String, String> environment = new TreeMap<>();
    tags.forEach(
        (key, value) -> {
          if (key.startsWith(ENVIRONMENT)) {
            environment.put(key.substring(ENVIRONMENT.length()), value);
          }
        });
    Origin origin =
        new Origin(
            tags.get("mlflow.source.name"),
            tags.get("mlflow.source.git.commit"),
            tags.get("mlflow.source.git.branch"),
            dirty == null ? null : Boolean.valueOf(dirty),
            tags.get("unmask.command"),
            details.params().get("seed"),
            tags.get("unmask.corpus.sha256"),
            environment,
            List.of());
    return new Origin(
        origin.source(),
        origin.commit(),
        origin.branch(),
        origin.dirty(),
        origin.command(),
        origin.seed(),
        origin.dataSha256(),
        environment,
        missing(origin));
  }

  private static List<String> missing(Origin origin) {
    List<String> missing = new ArrayList<>();
    need("commit", origin.commit(), missing);
    need("command", origin.command(), missing);
    need("seed", origin.seed(), missing);
    need("dataSha256", origin.dataSha256(), missing);
    if (origin.environment().isEmpty()) {
      missing.add("environment");
    }
    return missing;
  }

  private static void need(String name, @Nullable String value, List<String> missing) {
    if (value == null) {
      missing.add(name);
    }
  }
}
