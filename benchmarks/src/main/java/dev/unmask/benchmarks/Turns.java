package dev.unmask.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Measures several things in turns, once each a round: whatever else the machine does meets all of
 * them, so that their ratios hold where their values do not.
 */
final class Turns {

  /** What was measured, by name. */
  record Taken(Map<String, Samples> samples) {
    boolean has(String name) {
      return samples.containsKey(name);
    }

    /**
     * @throws IllegalArgumentException if nothing of this name was measured
     */
    double median(String name) {
      Samples found = samples.get(name);
      if (found == null) {
        throw new IllegalArgumentException("measured " + samples.keySet() + ", not " + name);
      }
      return found.median();
    }
  }

  private final Map<String, DoubleSupplier> measures = new LinkedHashMap<>();

  /** Adds something that returns its own measurement. */
  Turns measure(String name, DoubleSupplier measure) {
    measures.put(name, measure);
    return this;
  }

  /** Adds an action to be timed, in milliseconds. */
  Turns time(String name, Runnable action) {
    return measure(
        name,
        () -> {
          long start = System.nanoTime();
          action.run();
          return (System.nanoTime() - start) / 1e6;
        });
  }

  /**
   * @param warmUp rounds that do not count
   * @param rounds rounds that do
   */
  Taken take(int warmUp, int rounds) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    for (int round = -warmUp; round < rounds; round++) {
      for (Map.Entry<String, DoubleSupplier> each : measures.entrySet()) {
        double value = each.getValue().getAsDouble();
        if (round >= 0) {
          values.computeIfAbsent(each.getKey(), name -> new ArrayList<>()).add(value);
        }
      }
    }
    Map<String, Samples> samples = new LinkedHashMap<>();
    values.forEach((name, list) -> samples.put(name, Samples.of(list)));
    return new Taken(samples);
  }
}
