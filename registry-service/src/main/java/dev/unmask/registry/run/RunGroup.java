package dev.unmask.registry.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs that have one value of a param or tag.
 *
 * @param value null for the runs that lack it
 * @param metrics in the order that they were asked for
 */
public record RunGroup(@Nullable String value, long runs, List<Statistics> metrics) {

  /**
   * Statistics over the runs whose latest value is finite.
   *
   * @param count of those runs; the other two counts are of the runs that are left out
   * @param notFinite runs whose latest value is NaN or infinite
   * @param missing runs without a value
   * @param mean null where there is no value, as {@code min} and {@code max}
   * @param standardDeviation of the sample, with n - 1; null for fewer than two values
   */
  public record Statistics(
      String metric,
      long count,
      long notFinite,
      long missing,
      @Nullable Double mean,
      @Nullable Double min,
      @Nullable Double max,
      @Nullable Double standardDeviation) {}
}
