package dev.unmask.registry.imports;

import dev.unmask.registry.experiment.Experiment;
import dev.unmask.registry.experiment.ExperimentService;
import dev.unmask.registry.imports.Step.Kind;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Brings experiments: those of a name are one. */
@Component
class ExperimentImport {
  private static final int MOST = 1_000;

  private final ExperimentService experiments;
  private final RunImport runs;

  ExperimentImport(ExperimentService experiments, RunImport runs) {
    this.experiments = experiments;
    this.runs = runs;
  }

  void bring(Work work) {
    List<JsonNode> wanted = wanted(work);
    for (JsonNode experiment : wanted) {
      String name = experiment.path("name").asString("");
      work.attempt(
          Kind.EXPERIMENT,
          name,
          () -> {
            long number = numberOf(work, name, Pages.entries(experiment.path("tags")));
            work.brought(Kind.EXPERIMENT, name, Long.toString(number));
            runs.bring(work, experiment.path("experiment_id").asString(""), number);
          });
    }
  }

  private static List<JsonNode> wanted(Work work) {
    Set<String> names = new HashSet<>(work.job().experiments());
    boolean all = names.isEmpty();
    List<JsonNode> wanted = new ArrayList<>();
    Pages.each(
        token ->
            work.source()
                .post(
                    "experiments/search",
                    Pages.body(Map.of("max_results", MOST, "view_type", "ACTIVE_ONLY"), token)),
        "experiments",
        page -> {
          work.goOn();
          for (JsonNode experiment : page) {
            if (all || names.remove(experiment.path("name").asString(""))) {
              wanted.add(experiment);
            }
          }
        });
    names.forEach(
        name -> work.failed(Kind.EXPERIMENT, name, "the server has no such active experiment"));
    return wanted;
  }

  private long numberOf(Work work, String name, SortedMap<String, String> tags) {
    try {
      Experiment known = experiments.getByName(work.team(), name);
      return experiments.getActive(work.team(), known.number()).number();
    } catch (UnmaskException unknown) {
      if (unknown.code() != ErrorCode.EXPERIMENT_NOT_FOUND) {
        throw unknown;
      }
      return experiments.create(work.team(), name, tags).number();
    }
  }
}
