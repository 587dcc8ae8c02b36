package dev.unmask.registry.query;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Some of the results, in order.
 *
 * @param next the token of the next page, absent on the last one
 */
public record Page<T>(List<T> items, @Nullable String next) {

  /**
   * @param found up to one more than the page holds
   * @param search what the token of the next page is bound to
   */
  public static <T> Page<T> of(List<Keyed<T>> found, int size, String search) {
    List<T> items = found.stream().limit(size).map(Keyed::item).toList();
    return found.size() <= size
        ? new Page<>(items, null)
        : new Page<>(items, KeysetToken.encode(search, found.get(size - 1).position()));
  }

  public <R> Page<R> map(Function<List<T>, List<R>> change) {
    return new Page<>(change.apply(items), next);
  }
}
