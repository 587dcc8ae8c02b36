package dev.unmask.registry.report;

import dev.unmask.registry.api.ReportsApi;
import dev.unmask.registry.api.ReportsApi.Card;
import dev.unmask.registry.api.ReportsApi.Curves;
import dev.unmask.registry.api.ReportsApi.Differences;
import dev.unmask.registry.api.ReportsApi.Panel;
import dev.unmask.registry.api.ReportsApi.RunTable;
import dev.unmask.registry.model.ModelVersionService;
import dev.unmask.registry.run.RunSearchService;
import dev.unmask.registry.search.SearchChecks;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Whether there is what panels want to show. Panels that a report has already are not asked again:
 * a run may be removed for good, and the text around it shall be editable still.
 */
@Component
class PanelChecks {
  private final RunSearchService runs;
  private final ModelVersionService versions;
  private final SearchChecks searches;

  PanelChecks(RunSearchService runs, ModelVersionService versions, SearchChecks searches) {
    this.runs = runs;
    this.versions = versions;
    this.searches = searches;
  }

  /**
   * @param present panels of the version that is replaced
   * @return what is wrong, panel by panel
   */
  List<FieldFault> faults(String teamId, List<Panel> panels, List<Panel> present) {
    List<FieldFault> faults = new ArrayList<>();
    int named = NamedRuns.of(panels).size();
    if (named > ReportsApi.RUNS) {
      faults.add(
          new FieldFault("panels", "may name at most " + ReportsApi.RUNS + " runs, name " + named));
    }
    Set<Panel> known = new HashSet<>(present);
    List<Panel> fresh = panels.stream().filter(panel -> !known.contains(panel)).toList();
    Set<String> unknown = new HashSet<>(runs.unknown(teamId, NamedRuns.of(fresh)));
    for (int i = 0; i < panels.size(); i++) {
      if (!known.contains(panels.get(i))) {
        faults.addAll(faults(teamId, "panels[" + i + "]", panels.get(i), unknown));
      }
    }
    return faults;
  }

  private List<FieldFault> faults(String teamId, String path, Panel panel, Set<String> unknown) {
    return switch (panel) {
      case Curves curves -> unknownRuns(path, curves, unknown);
      case Differences differences -> unknownRuns(path, differences, unknown);
      case RunTable table -> searches.faults(teamId, path + ".search", table.search());
      case Card card -> unknownVersion(teamId, path, card).stream().toList();
    };
  }

  private static List<FieldFault> unknownRuns(String path, Panel panel, Set<String> unknown) {
    List<String> missing = NamedRuns.of(panel).stream().filter(unknown::contains).toList();
    return missing.isEmpty()
        ? List.of()
        : List.of(new FieldFault(path + ".runs", "names runs that your team lacks: " + missing));
  }

  private Optional<FieldFault> unknownVersion(String teamId, String path, Card card) {
    try {
      versions.resolve(teamId, card.model(), card.version());
      return Optional.empty();
    } catch (UnmaskException unknown) {
      return Optional.of(new FieldFault(path, "shows no version: " + unknown.detail()));
    }
  }
}
