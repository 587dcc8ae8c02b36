package dev.unmask.lm.testing;

import dev.unmask.lm.checkpoint.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Recorded clean and noisy ids of a loss. */
public final class DenoisingLosses {
  private DenoisingLosses() {}

  /** A tensor {@code [B, L]} of ids. */
  public static int[][] ids(Safetensors expected, String tensor) {
    long[] shape = expected.info(tensor).dimensions();
    int length = (int) shape[1];
    int[] flat = Arrays.stream(expected.longs(tensor)).mapToInt(Math::toIntExact).toArray();
    int[][] rows = new int[(int) shape[0]][];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * length, (i + 1) * length));
    return rows;
  }

  /** Where noisy ids are the mask. */
  public static List<BitSet> masked(int[][] noisy, int maskId) {
    List<BitSet> masked = new ArrayList<>();
    for (int[] row : noisy) {
      BitSet positions = new BitSet();
      for (int i = 0; i < row.length; i++) {
        positions.set(i, row[i] == maskId);
      }
      masked.add(positions);
    }
    return masked;
  }

  /** A tensor {@code [B]} of numbers. */
  public static double[] numbers(Safetensors expected, String tensor) {
    float[] values = expected.floats(tensor);
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }
}
