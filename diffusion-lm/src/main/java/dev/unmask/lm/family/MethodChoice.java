package dev.unmask.lm.family;

/**
 * What a job chose of a method's {@link MethodOptions}.
 *
 * @param blockSize 0 for a method without blocks
 * @param loss empty for a method that has one only
 * @param schedule empty for a method that has one only
 * @param graph empty for a method that has one only
 * @param clip empty for a method without clipped times
 * @param data empty for a method that learns from text only
 * @param unconditional share of the rows that lose their prompt, in [0, 1)
 */
public record MethodChoice(
    int blockSize,
    String loss,
    String schedule,
    String graph,
    String clip,
    String data,
    double unconditional) {
  /** The same with another block size. */
  public MethodChoice withBlockSize(int size) {
    return new MethodChoice(size, loss, schedule, graph, clip, data, unconditional);
  }

  /** The same with another form of the loss. */
  public MethodChoice withLoss(String name) {
    return new MethodChoice(blockSize, name, schedule, graph, clip, data, unconditional);
  }

  /** The same with another schedule. */
  public MethodChoice withSchedule(String name) {
    return new MethodChoice(blockSize, loss, name, graph, clip, data, unconditional);
  }

  /** The same with another graph. */
  public MethodChoice withGraph(String name) {
    return new MethodChoice(blockSize, loss, schedule, name, clip, data, unconditional);
  }

  /** The same with another clipping. */
  public MethodChoice withClip(String name) {
    return new MethodChoice(blockSize, loss, schedule, graph, name, data, unconditional);
  }

  /** The same for prompts and answers. */
  public MethodChoice forAnswers() {
    return new MethodChoice(
        blockSize, loss, schedule, graph, clip, MethodOptions.ANSWERS, unconditional);
  }

  /** The same with a share of rows without their prompt. */
  public MethodChoice withUnconditional(double share) {
    return new MethodChoice(blockSize, loss, schedule, graph, clip, data, share);
  }

  /** Whether the method learns prompts and answers. */
  public boolean learnsAnswers() {
    return data.equals(MethodOptions.ANSWERS);
  }
}
