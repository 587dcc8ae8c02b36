package dev.unmask.registry.export;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table of {@code T}s.
 *
 * @param value the cell's, of the type's class; null where there is none
 */
record Column<T>(String name, Type type, Function<T, @Nullable Object> value) {

  /** What a column's cells are. */
  enum Type {
    /** {@link String}. */
    TEXT,
    /** {@link Long}. */
    INTEGER,
    /** {@link Long}, milliseconds since the epoch. */
    TIME,
    /** {@link Double}; NaN and the infinities, too. */
    NUMBER,
    /** {@link Boolean}. */
    FLAG
  }

  @Nullable Object of(T row) {
    return value.apply(row);
  }
}
