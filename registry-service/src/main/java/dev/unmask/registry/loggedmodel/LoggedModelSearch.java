package dev.unmask.registry.loggedmodel;

import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.Identifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param experiments numbers of the experiments to look into
 * @param measuredOn only metrics measured on one of these count, and only models that have such;
 *     empty for all
 * @param most models a page
 * @param after id of the last model of the page before; null for the first page
 */
public record LoggedModelSearch(
    List<Long> experiments,
    Filter filter,
    List<MeasuredOn> measuredOn,
    List<Order> order,
    int most,
    @Nullable String after) {

  /**
   * A data set by its name.
   *
   * @param digest null for any
   */
  public record MeasuredOn(String name, @Nullable String digest) {}

  /**
   * @param measuredOn the data set whose metric counts; null for any
   */
  public record Order(Identifier identifier, boolean ascending, @Nullable MeasuredOn measuredOn) {}

  /**
   * Some of the models, in order.
   *
   * @param more whether others follow
   */
  public record Found(List<LoggedModel.Details> models, boolean more) {}
}
