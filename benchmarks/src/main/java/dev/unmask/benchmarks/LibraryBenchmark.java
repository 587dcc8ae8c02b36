package dev.unmask.benchmarks;

import java.util.List;
import java.util.function.Consumer;

/** How near the library comes to what the machine can do: every row has a goal. */
final class LibraryBenchmark implements Benchmark {

  /** Memory first: the process is as small as it will be. */
  private static final List<LibraryPart> PARTS =
      List.of(
          new TrainingMemory(),
          new TrainingShare(),
          new MaskedProjection(),
          new BlockForward(),
          new CachedGeneration(),
          new BusyNeighbour(),
          new CheckpointLoading());

  @Override
  public String name() {
    return LibraryPart.BENCHMARK;
  }

  @Override
  public String description() {
    return "training, decoding, loading and memory beside what the machine can do, with goals";
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    PARTS.forEach(part -> part.run(options, results));
  }
}
