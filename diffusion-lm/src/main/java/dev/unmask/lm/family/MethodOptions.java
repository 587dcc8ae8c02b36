package dev.unmask.lm.family;

import java.util.List;

/**
 * What a job may choose of a training method; the first of a list is the default.
 *
 * @param blockSize tokens denoised together by default; 0 for a method without blocks
 * @param losses forms of the loss; empty for a method that has one only
 * @param schedules how noise grows over time; empty for a method that has one only
 * @param graphs which token turns into which; empty for a method that has one only
 */
public record MethodOptions(
    int blockSize, List<String> losses, List<String> schedules, List<String> graphs) {
  /** Nothing to choose. */
  public static final MethodOptions NONE = new MethodOptions(0, List.of(), List.of(), List.of());

  public MethodOptions {
    losses = List.copyOf(losses);
    schedules = List.copyOf(schedules);
    graphs = List.copyOf(graphs);
  }

  /** Blocks of this size by default. */
  public static MethodOptions blocks(int size) {
    return new MethodOptions(size, List.of(), List.of(), List.of());
  }

  /** With a choice of losses. */
  public MethodOptions withLosses(String... names) {
    return new MethodOptions(blockSize, List.of(names), schedules, graphs);
  }

  /** With a choice of schedules. */
  public MethodOptions withSchedules(String... names) {
    return new MethodOptions(blockSize, losses, List.of(names), graphs);
  }

  /** With a choice of graphs. */
  public MethodOptions withGraphs(String... names) {
    return new MethodOptions(blockSize, losses, schedules, List.of(names));
  }

  /** The default of everything. */
  public MethodChoice defaults() {
    return new MethodChoice(blockSize, first(losses), first(schedules), first(graphs));
  }

  private static String first(List<String> names) {
    return names.isEmpty() ? "" : names.getFirst();
  }

  /**
   * @throws IllegalArgumentException naming the option that is not one of these
   */
  void check(String method, MethodChoice choice) {
    if (blockSize > 0 ? choice.blockSize() < 1 : choice.blockSize() != 0) {
      throw new IllegalArgumentException("blockSize of " + method + " was " + choice.blockSize());
    }
    check(method, "loss", losses, choice.loss());
    check(method, "schedule", schedules, choice.schedule());
    check(method, "graph", graphs, choice.graph());
  }

  private static void check(String method, String option, List<String> known, String chosen) {
    if (known.isEmpty() ? !chosen.isEmpty() : !known.contains(chosen)) {
      throw new IllegalArgumentException(
          "%s of %s must be one of %s, was \"%s\"".formatted(option, method, known, chosen));
    }
  }
}
