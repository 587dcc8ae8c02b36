package dev.unmask.registry.run;

import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.OrderClause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param experiments numbers of the experiments to look into; those that the team lacks hold
 *     nothing
 * @param most runs a page
 * @param after the token of the page; null or empty for the first one
 */
public record RunSearch(
    List<Long> experiments,
    Filter filter,
    List<OrderClause> order,
    RunView view,
    int most,
    @Nullable String after) {

  /** The same search from another place on. */
  public RunSearch after(@Nullable String token) {
    return new RunSearch(experiments, filter, order, view, most, token);
  }

  /** Everything that says which runs come in which order, for the token of the next page. */
  String identity(String teamId) {
    return String.join(
        "\n",
        "runs",
        teamId,
        experiments.stream().distinct().sorted().toList().toString(),
        view.name(),
        order.toString(),
        filter.toString());
  }
}
