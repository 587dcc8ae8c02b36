package dev.unmask.registry.query;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Some of the results, in order.
 *
 * @param next absent on the last page
 */
public record Page<T>(List<T> items, @Nullable PageToken next) {

  /**
   * @param found up to one more than the page holds, which tells whether there is a next one
   */
  public static <T> Page<T> of(List<T> found, int size, PageToken start) {
    return found.size() <= size
        ? new Page<>(List.copyOf(found), null)
        : new Page<>(List.copyOf(found.subList(0, size)), new PageToken(start.offset() + size));
  }

  public <R> Page<R> map(Function<List<T>, List<R>> change) {
    return new Page<>(change.apply(items), next);
  }
}
