package dev.unmask.registry.run;

import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.Identifier;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.SqlConditions;
import java.util.List;
import java.util.TreeMap;

/** What searches of runs may ask for, told without making one. */
public final class SearchRules {
  private static final RunScope NOWHERE = RunScope.of("", new TreeMap<>(), RunView.ALL);

  private SearchRules() {}

  /**
   * @throws InvalidQueryException when the filter names what no run has, or compares it in a way
   *     that has no meaning
   */
  public static void check(Filter filter) {
    RunConditions.add(new SqlConditions(), NOWHERE, filter);
  }

  /**
   * @throws InvalidQueryException when a clause names what runs have no order by
   */
  public static void check(List<OrderClause> order) {
    new RunOrder(order);
  }

  /**
   * @throws InvalidQueryException when it is neither a param nor a tag
   */
  public static void checkGrouping(Identifier by) {
    SearchField field = SearchField.of(by);
    if (field != SearchField.PARAM && field != SearchField.TAG) {
      throw new InvalidQueryException(
          "Invalid by '" + by + "': name a param or a tag, such as params.lr");
    }
  }
}
