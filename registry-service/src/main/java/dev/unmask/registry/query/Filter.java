package dev.unmask.registry.query;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A conjunction of comparisons. */
public record Filter(List<Comparison> comparisons) {
  private static final int MOST = 100;

  /**
   * Parses {@code clause (AND clause)*}; there is no OR, no negation and no parentheses.
   *
   * @param text null or empty for no restriction
   * @throws InvalidQueryException for anything else
   */
  public static Filter parse(@Nullable String text) {
    List<Comparison> comparisons = new ArrayList<>();
    if (text == null || text.isEmpty()) {
      return new Filter(comparisons);
    }
    QueryScanner scanner = new QueryScanner(text, "filter");
    if (scanner.atEnd()) {
      throw new InvalidQueryException("Invalid filter: it is blank");
    }
    while (!scanner.atEnd()) {
      // A trailing or bare AND is accepted: clients build filters by joining.
      if (!scanner.skipWord("AND")) {
        comparisons.add(scanner.comparison());
        if (!scanner.atEnd() && !scanner.skipWord("AND")) {
          scanner.expectEnd();
        }
      }
    }
    if (comparisons.size() > MOST) {
      throw new InvalidQueryException("Invalid filter: at most " + MOST + " comparisons");
    }
    return new Filter(List.copyOf(comparisons));
  }

  /**
   * The filter in its own language, in one form for all ways to write it: read again it is equal.
   */
  public String text() {
    return comparisons.stream().map(Comparison::text).collect(Collectors.joining(" AND "));
  }
}
