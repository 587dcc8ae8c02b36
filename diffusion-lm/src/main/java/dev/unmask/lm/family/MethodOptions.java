package dev.unmask.lm.family;

import java.util.List;

/**
 * What a job may choose of a training method; the first of a list is the default.
 *
 * @param blockSize tokens denoised together by default; 0 for a method without blocks
 * @param losses forms of the loss; empty for a method that has one only
 * @param schedules how noise grows over time; empty for a method that has one only
 * @param graphs which token turns into which; empty for a method that has one only
 * @param clips how times are clipped; empty for a method that draws all of them
 * @param data kinds of rows; empty for a method that learns from text only
 * @param guided whether rows may lose their prompt, as guidance decodes
 */
public record MethodOptions(
    int blockSize,
    List<String> losses,
    List<String> schedules,
    List<String> graphs,
    List<String> clips,
    List<String> data,
    boolean guided) {
  /** Rows of text, every token learned. */
  public static final String TEXT = "text";

  /** Rows of a prompt and its answer, which is learned. */
  public static final String ANSWERS = "prompt-answer";

  /** Nothing to choose. */
  public static final MethodOptions NONE = blocks(0);

  public MethodOptions {
    losses = List.copyOf(losses);
    schedules = List.copyOf(schedules);
    graphs = List.copyOf(graphs);
    clips = List.copyOf(clips);
    data = List.copyOf(data);
  }

  /** Blocks of this size by default. */
  public static MethodOptions blocks(int size) {
    return new MethodOptions(size, List.of(), List.of(), List.of(), List.of(), List.of(), false);
  }

  /** With a choice of losses. */
  public MethodOptions withLosses(String... names) {
    return new MethodOptions(blockSize, List.of(names), schedules, graphs, clips, data, guided);
  }

  /** With a choice of schedules. */
  public MethodOptions withSchedules(String... names) {
    return new MethodOptions(blockSize, losses, List.of(names), graphs, clips, data, guided);
  }

  /** With a choice of graphs. */
  public MethodOptions withGraphs(String... names) {
    return new MethodOptions(blockSize, losses, schedules, List.of(names), clips, data, guided);
  }

  /** With a choice of clippings. */
  public MethodOptions withClips(String... names) {
    return new MethodOptions(blockSize, losses, schedules, graphs, List.of(names), data, guided);
  }

  /** Of text, or of prompts and answers. */
  public MethodOptions withAnswers() {
    return new MethodOptions(
        blockSize, losses, schedules, graphs, clips, List.of(TEXT, ANSWERS), guided);
  }

  /** Of text, or of prompts and answers of which a share may lose the prompt. */
  public MethodOptions withGuidedAnswers() {
    return new MethodOptions(
        blockSize, losses, schedules, graphs, clips, List.of(TEXT, ANSWERS), true);
  }

  /** The default of everything. */
  public MethodChoice defaults() {
    return new MethodChoice(
        blockSize, first(losses), first(schedules), first(graphs), first(clips), first(data), 0);
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
    check(method, "clip", clips, choice.clip());
    check(method, "data", data, choice.data());
    double share = choice.unconditional();
    boolean may = guided && choice.learnsAnswers();
    if (!(share >= 0 && share < 1) || (share > 0 && !may)) {
      throw new IllegalArgumentException(
          "unconditional of %s was %s: it must be in [0, 1), and 0 without prompts and answers"
              .formatted(method, share));
    }
  }

  private static void check(String method, String option, List<String> known, String chosen) {
    if (known.isEmpty() ? !chosen.isEmpty() : !known.contains(chosen)) {
      throw new IllegalArgumentException(
          "%s of %s must be one of %s, was \"%s\"".formatted(option, method, known, chosen));
    }
  }
}
