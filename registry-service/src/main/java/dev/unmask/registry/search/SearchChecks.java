package dev.unmask.registry.search;

import dev.unmask.registry.api.ViewsApi.Grouping;
import dev.unmask.registry.api.ViewsApi.SavedSearch;
import dev.unmask.registry.experiment.ExperimentService;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.Identifiers;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.run.RunFields;
import dev.unmask.registry.run.SearchRules;
import dev.unmask.support.error.FieldFault;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Whether a search that is kept for later would be understood then; it is not made. The caller owns
 * the transaction.
 */
@Component
public class SearchChecks {
  private final ExperimentService experiments;

  SearchChecks(ExperimentService experiments) {
    this.experiments = experiments;
  }

  /**
   * @param path of the search within the request, such as {@code panels[2].search}
   * @return what is wrong, field by field; of a text that does not parse, with the place
   */
  public List<FieldFault> faults(String teamId, String path, SavedSearch search) {
    List<FieldFault> faults = new ArrayList<>();
    checkExperiments(teamId, path, search, faults);
    check(path + ".filter", () -> SearchRules.check(Filter.parse(search.filter())), faults);
    List<String> order = search.order();
    for (int i = 0; order != null && i < order.size(); i++) {
      List<String> clause = List.of(order.get(i));
      check(
          path + ".order[" + i + "]",
          () -> SearchRules.check(OrderClause.parseAll(clause)),
          faults);
    }
    if (order != null && faults.isEmpty()) {
      check(path + ".order", () -> OrderClause.parseAll(order), faults);
    }
    List<String> fields = search.fields();
    for (int i = 0; fields != null && i < fields.size(); i++) {
      List<String> field = List.of(fields.get(i));
      check(path + ".fields[" + i + "]", () -> RunFields.parse(field), faults);
    }
    Grouping group = search.group();
    if (group != null) {
      check(
          path + ".group.by",
          () -> SearchRules.checkGrouping(Identifiers.parse(group.by(), "by")),
          faults);
    }
    return faults;
  }

  private void checkExperiments(
      String teamId, String path, SavedSearch search, List<FieldFault> faults) {
    List<Long> wanted = search.experiments();
    if (wanted == null || wanted.isEmpty()) {
      return;
    }
    List<Long> unknown = experiments.missing(teamId, wanted);
    if (!unknown.isEmpty()) {
      faults.add(
          new FieldFault(
              path + ".experiments", "names experiments that your team lacks: " + unknown));
    }
  }

  private static void check(String field, Runnable reading, List<FieldFault> faults) {
    try {
      reading.run();
    } catch (InvalidQueryException invalid) {
      String place =
          invalid.position().isPresent()
              ? " at character " + (invalid.position().getAsInt() + 1)
              : "";
      faults.add(new FieldFault(field, "is not understood" + place + ": " + invalid.detail()));
    }
  }
}
