package dev.unmask.registry.query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A total order of rows, and the condition that selects what comes after one of them. Unlike an
 * offset, such a page costs the same wherever it lies, and rows that come meanwhile move nothing.
 *
 * @param keys the last of them tells any two rows apart
 */
public record Keyset(List<SortKey> keys) {

  /** Leaves out keys whose expression came before: they decide nothing any more. */
  public static Keyset of(List<SortKey> keys) {
    List<SortKey> kept = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (SortKey key : keys) {
      if (seen.add(key.sql())) {
        kept.add(key);
      }
    }
    return new Keyset(List.copyOf(kept));
  }

  /** The keys as columns {@code k0}, {@code k1} and so on, for {@link #read}. */
  public String columns() {
    StringJoiner columns = new StringJoiner(", ");
    for (int i = 0; i < keys.size(); i++) {
      columns.add(keys.get(i).sql() + " AS k" + i);
    }
    return columns.toString();
  }

  /** The order by those columns. */
  public String orderBy() {
    StringJoiner terms = new StringJoiner(", ");
    for (int i = 0; i < keys.size(); i++) {
      SortKey key = keys.get(i);
      terms.add(
          "k" + i + (key.ascending() ? " ASC" : " DESC") + (key.nullable() ? " NULLS LAST" : ""));
    }
    return terms.toString();
  }

  /** The row's values of the columns, of which the first is the result's column {@code first}. */
  public List<@Nullable Object> read(ResultSet row, int first) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Object value =
          switch (keys.get(i).type()) {
            case TEXT -> row.getString(first + i);
            case INTEGER -> row.getLong(first + i);
            case NUMBER -> row.getDouble(first + i);
          };
      values.add(row.wasNull() ? null : value);
    }
    return Collections.unmodifiableList(values);
  }

  /**
   * Adds that a row comes after the position.
   *
   * @throws InvalidQueryException when the position is one of another order
   */
  public void after(SqlConditions where, List<@Nullable Object> position) {
    if (position.size() != keys.size()) {
      throw KeysetToken.ofAnotherSearch();
    }
    SortKey leading = keys.getFirst();
    Object bound = position.getFirst();
    if (rowFrom() > 0 && !leading.nullable() && bound != null) {
      // Implied by what follows, and all of it that an index can use.
      where.and(leading.sql() + (leading.ascending() ? " >= ?" : " <= ?"), bound);
    }
    List<Object> parameters = new ArrayList<>();
    String condition = after(position, 0, parameters);
    where.and("(" + condition + ")", parameters.toArray());
  }

  private String after(List<@Nullable Object> position, int from, List<Object> parameters) {
    if (from == keys.size()) {
      return "FALSE";
    }
    if (from == rowFrom()) {
      return afterRow(position, from, parameters);
    }
    SortKey key = keys.get(from);
    Object value = position.get(from);
    if (value == null) {
      return key.sql() + " IS NULL AND (" + after(position, from + 1, parameters) + ")";
    }
    parameters.add(value);
    String beyond = key.sql() + (key.ascending() ? " > ?" : " < ?");
    if (key.nullable()) {
      beyond += " OR " + key.sql() + " IS NULL";
    }
    parameters.add(value);
    return beyond
        + " OR ("
        + key.sql()
        + " = ? AND ("
        + after(position, from + 1, parameters)
        + "))";
  }

  /** One comparison of rows, which an index on the keys answers by itself. */
  private String afterRow(List<@Nullable Object> position, int from, List<Object> parameters) {
    StringJoiner columns = new StringJoiner(", ", "(", ")");
    StringJoiner marks = new StringJoiner(", ", "(", ")");
    for (int i = from; i < keys.size(); i++) {
      Object value = position.get(i);
      if (value == null) {
        throw KeysetToken.ofAnotherSearch();
      }
      columns.add(keys.get(i).sql());
      marks.add("?");
      parameters.add(value);
    }
    return columns + " > " + marks;
  }

  /** Where the ascending keys begin that no row lacks and that end the order. */
  private int rowFrom() {
    int from = keys.size();
    while (from > 0 && keys.get(from - 1).ascending() && !keys.get(from - 1).nullable()) {
      from--;
    }
    return from;
  }
}
