package dev.unmask.lm.toys;

import java.util.stream.IntStream;

/** A denoiser small enough to be a table: every sum over its states is exact. */
public interface TabularNetwork {
  int length();

  /** V, real tokens; the mask is id V. */
  int vocabulary();

  /**
   * Probabilities of the clean token at every position.
   *
   * @param state token ids {@code [L]}, V where masked
   * @return {@code [L, V]}; rows of visible positions do not matter
   */
  double[][] conditionals(int[] state);

  /** From a row-major table {@code [(V + 1)^L, L, V]}, the last position fastest. */
  static TabularNetwork ofTable(double[] table, int length, int vocabulary) {
    return new TabularNetwork() {
      @Override
      public int length() {
        return length;
      }

      @Override
      public int vocabulary() {
        return vocabulary;
      }

      @Override
      public double[][] conditionals(int[] state) {
        int from = number(state, vocabulary + 1) * length * vocabulary;
        double[][] rows = new double[length][vocabulary];
        for (int i = 0; i < length; i++) {
          System.arraycopy(table, from + i * vocabulary, rows[i], 0, vocabulary);
        }
        return rows;
      }
    };
  }

  /** The digits of a number, most significant first. */
  static int[] digits(int number, int base, int count) {
    int[] digits = new int[count];
    int rest = number;
    for (int i = count - 1; i >= 0; i--) {
      digits[i] = rest % base;
      rest /= base;
    }
    return digits;
  }

  /** The number that digits spell, most significant first. */
  static int number(int[] digits, int base) {
    int number = 0;
    for (int digit : digits) {
      number = number * base + digit;
    }
    return number;
  }

  /** All {@code base^count} strings of digits, last position fastest. */
  static int[][] all(int base, int count) {
    int size = (int) Math.round(Math.pow(base, count));
    return IntStream.range(0, size).mapToObj(n -> digits(n, base, count)).toArray(int[][]::new);
  }
}
