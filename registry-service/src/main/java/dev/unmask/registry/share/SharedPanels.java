package dev.unmask.registry.share;

import dev.unmask.registry.api.ReportsApi.Card;
import dev.unmask.registry.api.ReportsApi.Curves;
import dev.unmask.registry.api.ReportsApi.Differences;
import dev.unmask.registry.api.ReportsApi.Panel;
import dev.unmask.registry.api.ReportsApi.Report;
import dev.unmask.registry.api.ReportsApi.RunTable;
import dev.unmask.registry.api.SharesApi.SharedReport;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of a report's panels a link shows: nothing that is not about the runs it shows. */
final class SharedPanels {
  private SharedPanels() {}

  static SharedReport of(Report report, Set<String> runs) {
    List<Panel> panels =
        report.panels().stream().flatMap(panel -> of(panel, runs).stream()).toList();
    return new SharedReport(
        report.title(),
        report.text(),
        panels,
        report.panels().size() - panels.size(),
        report.changedAt());
  }

  private static Optional<Panel> of(Panel panel, Set<String> runs) {
    return switch (panel) {
      case Curves curves ->
          kept(curves.runs(), runs, 1)
              .map(kept -> new Curves(curves.title(), kept, curves.metrics(), curves.x()));
      case Differences differences ->
          kept(differences.runs(), runs, 2).map(kept -> new Differences(differences.title(), kept));
      case RunTable search -> Optional.empty();
      case Card card -> Optional.empty();
    };
  }

  private static Optional<List<String>> kept(List<String> named, Set<String> runs, int least) {
    List<String> kept = named.stream().filter(runs::contains).toList();
    return kept.size() < least ? Optional.empty() : Optional.of(kept);
  }
}
