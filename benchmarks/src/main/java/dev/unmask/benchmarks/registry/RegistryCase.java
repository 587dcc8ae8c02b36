package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Result;
import java.util.List;
import java.util.function.BiConsumer;

/** A few rows that are measured together. */
interface RegistryCase {

  /** What {@code --only} calls it. */
  String name();

  /** What it reports, in this order. */
  List<Row> rows();

  /** About how long it takes at full scale, for the time left. */
  int seconds();

  /**
   * @param results takes each row as soon as it is measured
   * @throws RouteMissing if the registry lacks what is to be measured
   * @throws IllegalStateException if requests failed
   */
  void measure(Session session, BiConsumer<Row, Result> results);
}
