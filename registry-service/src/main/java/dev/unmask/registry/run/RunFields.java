package dev.unmask.registry.run;

import dev.unmask.registry.query.EntityKind;
import dev.unmask.registry.query.Identifier;
import dev.unmask.registry.query.Identifiers;
import dev.unmask.registry.query.InvalidQueryException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of what was logged to runs a reader wants; each list holds keys.
 *
 * @param params null for all of them, as {@code tags} and {@code metrics}
 */
public record RunFields(
    @Nullable List<String> params, @Nullable List<String> tags, @Nullable List<String> metrics) {
  public static final RunFields ALL = new RunFields(null, null, null);

  private static final int MOST = 200;

  /**
   * Reads fields such as {@code metrics} for all of them and {@code params.lr} for one.
   *
   * @param fields null for everything; empty for nothing but the runs' own columns
   * @throws InvalidQueryException for anything else
   */
  public static RunFields parse(@Nullable List<String> fields) {
    if (fields == null) {
      return ALL;
    }
    if (fields.size() > MOST) {
      throw new InvalidQueryException("Invalid fields: at most " + MOST + " may be named");
    }
    return new RunFields(
        keys(fields, SearchField.PARAM),
        keys(fields, SearchField.TAG),
        keys(fields, SearchField.METRIC));
  }

  private static @Nullable List<String> keys(List<String> fields, SearchField wanted) {
    List<String> keys = new ArrayList<>();
    for (String field : fields) {
      Identifier identifier = Identifiers.parse(field, "field");
      if (identifier.isAttribute()) {
        // A bare word names all keys of its kind.
        if (kind(identifier.key()) == wanted) {
          return null;
        }
      } else if (SearchField.of(identifier) == wanted) {
        keys.add(identifier.key());
      }
    }
    return keys;
  }

  private static SearchField kind(String word) {
    return EntityKind.named(word)
        .map(SearchField::of)
        .orElseThrow(
            () ->
                new InvalidQueryException(
                    "Invalid field '" + word + "': valid are " + EntityKind.words()));
  }
}
