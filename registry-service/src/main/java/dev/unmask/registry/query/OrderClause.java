package dev.unmask.registry.query;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One clause of an order: an identifier and its direction. */
public record OrderClause(Identifier identifier, boolean ascending) {

  /**
   * Parses clauses such as {@code metrics.`a b` DESC}, one a list item.
   *
   * @throws InvalidQueryException for anything else, and for the same identifier twice
   */
  public static List<OrderClause> parseAll(List<String> clauses) {
    List<OrderClause> parsed = new ArrayList<>();
    Set<Identifier> seen = new HashSet<>();
    for (String clause : clauses) {
      OrderClause one = parse(clause);
      if (!seen.add(one.identifier())) {
        throw new InvalidQueryException("`order_by` contains duplicate fields: " + clause);
      }
      parsed.add(one);
    }
    return parsed;
  }

  private static OrderClause parse(String clause) {
    QueryScanner scanner = new QueryScanner(clause, "order_by clause");
    Identifier identifier = scanner.identifier();
    boolean descending = scanner.skipWord("DESC");
    if (!descending) {
      scanner.skipWord("ASC");
    }
    scanner.expectEnd();
    return new OrderClause(identifier, !descending);
  }
}
