package dev.unmask.lm.objective;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Rectangular batches of clean sequences. */
final class Sequences {
  private Sequences() {}

  /** The common length, once it is known that there is one. */
  static int length(int[][] clean) {
    if (clean.length == 0 || clean[0].length == 0) {
      throw new IllegalArgumentException("a batch needs one sequence and one token at least");
    }
    for (int[] sequence : clean) {
      if (sequence.length != clean[0].length) {
        throw new IllegalArgumentException(
            "sequences of one batch must have one length, were "
                + clean[0].length
                + " and "
                + sequence.length);
      }
    }
    return clean[0].length;
  }

  static int[] flatten(int[][] sequences) {
    return Arrays.stream(sequences).flatMapToInt(Arrays::stream).toArray();
  }

  static int[] positions(int length) {
    return IntStream.range(0, length).toArray();
  }
}
