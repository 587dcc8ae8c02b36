package dev.unmask.registry.report;

import dev.unmask.registry.api.ReportsApi.Card;
import dev.unmask.registry.api.ReportsApi.Curves;
import dev.unmask.registry.api.ReportsApi.Differences;
import dev.unmask.registry.api.ReportsApi.Panel;
import dev.unmask.registry.api.ReportsApi.RunTable;
import java.util.Collection;
import java.util.List;

/** The runs that panels name by their ids; a search and a model name none. */
public final class NamedRuns {
  private NamedRuns() {}

  /** In the order of the panels, each once. */
  public static List<String> of(Collection<Panel> panels) {
    return panels.stream().flatMap(panel -> of(panel).stream()).distinct().toList();
  }

  static List<String> of(Panel panel) {
    return switch (panel) {
      case Curves curves -> curves.runs();
      case Differences differences -> differences.runs();
      case RunTable search -> List.of();
      case Card card -> List.of();
    };
  }
}
