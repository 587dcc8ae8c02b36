package dev.unmask.lm.family;

/**
 * What a job chose of a method's {@link MethodOptions}.
 *
 * @param blockSize 0 for a method without blocks
 * @param loss empty for a method that has one only
 * @param schedule empty for a method that has one only
 * @param graph empty for a method that has one only
 */
public record MethodChoice(int blockSize, String loss, String schedule, String graph) {
  /** The same with another block size. */
  public MethodChoice withBlockSize(int size) {
    return new MethodChoice(size, loss, schedule, graph);
  }
}
