package dev.unmask.benchmarks;

import java.util.function.Consumer;

/** Some rows of what {@code benchmarks/run library} prints. Engine thread only. */
interface LibraryPart {

  /** The benchmark that its results name. */
  String BENCHMARK = "library";

  void run(Options options, Consumer<Result> results);
}
