package dev.unmask.registry.sample;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import org.jspecify.annotations.Nullable;

/**
 * Which samples of a run.
 *
 * @param name null for all of them
 * @param from lowest step
 * @param to highest step
 * @param size samples at most
 * @param after token of the page before; null for the first page
 */
record SampleQuery(@Nullable String name, long from, long to, int size, @Nullable String after) {

  static SampleQuery of(
      @Nullable String name,
      @Nullable Long from,
      @Nullable Long to,
      int size,
      @Nullable String after) {
    if (name != null && name.indexOf('\0') >= 0) {
      throw UnmaskException.ofField(
          ErrorCode.INVALID_REQUEST, "name", "must not hold a NUL character");
    }
    long lowest = from == null ? Long.MIN_VALUE : from;
    long highest = to == null ? Long.MAX_VALUE : to;
    if (lowest > highest) {
      throw UnmaskException.ofField(
          ErrorCode.INVALID_REQUEST,
          "to",
          "must not be below from, was " + highest + " below " + lowest);
    }
    return new SampleQuery(name, lowest, highest, size, after);
  }
}
