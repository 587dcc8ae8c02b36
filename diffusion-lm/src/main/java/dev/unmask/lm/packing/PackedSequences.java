package dev.unmask.lm.packing;

import dev.unmask.lm.random.KeyedRandom;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Token ids of shape {@code [count, length]}, on the heap or mapped from a file; every row is full,
 * a document ends where the end-of-text id stands. Immutable, for any number of threads.
 */
public final class PackedSequences {

  private record EpochOrder(long seed, long epoch, int[] order) {}

  private final MemorySegment ids;
  private final ValueLayout.OfInt layout;
  private final int count;
  private final int length;
  private final int endOfText;

  /** The order last used: training asks for the same epoch thousands of times in a row. */
  private volatile @Nullable EpochOrder latestOrder;

  PackedSequences(MemorySegment ids, ValueLayout.OfInt layout, int length, int endOfText) {
    this.ids = ids;
    this.layout = layout;
    this.count = Math.toIntExact(ids.byteSize() / Integer.BYTES / length);
    this.length = length;
    this.endOfText = endOfText;
  }

  /**
   * Rows on the heap.
   *
   * @param ids {@code [count * length]}, row after row; not copied
   * @param length tokens a row, at least 1
   * @param endOfText the id that ends a document
   * @throws IllegalArgumentException if the ids are no whole number of rows, at least one
   */
  public static PackedSequences of(int[] ids, int length, int endOfText) {
    if (length < 1 || ids.length == 0 || ids.length % length != 0) {
      throw new IllegalArgumentException(
          "ids must be full rows of %d tokens, were %d ids".formatted(length, ids.length));
    }
    return new PackedSequences(
        MemorySegment.ofArray(ids), ValueLayout.JAVA_INT_UNALIGNED, length, endOfText);
  }

  /**
   * Maps the file that {@link #save} wrote, after checking its sum.
   *
   * @throws InvalidPackedSequencesException if the file is missing or damaged
   */
  public static PackedSequences load(Path file) {
    return PackedSequencesFile.load(file);
  }

  /**
   * Writes the rows with a checksum, replacing an earlier file in one move.
   *
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public void save(Path file) {
    PackedSequencesFile.save(this, file);
  }

  public int count() {
    return count;
  }

  /** Tokens a row. */
  public int length() {
    return length;
  }

  public int endOfText() {
    return endOfText;
  }

  /** Tokens of all rows, end-of-text ids among them. */
  public long tokens() {
    return (long) count * length;
  }

  /**
   * A copy of one row.
   *
   * @param index in [0, count())
   * @return {@code [length]}
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public int[] sequence(int index) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException(
          "sequence must be in [0, %d), was %d".formatted(count, index));
    }
    int[] row = new int[length];
    MemorySegment.copy(ids, layout, (long) index * length * Integer.BYTES, row, 0, length);
    return row;
  }

  /** Positions of a row at which a document begins, ascending; 0 only if one begins there. */
  public int[] documentStarts(int index) {
    int[] row = sequence(index);
    boolean startsWithRow = index == 0 || sequence(index - 1)[length - 1] == endOfText;
    return IntStream.range(0, length)
        .filter(at -> at == 0 ? startsWithRow : row[at - 1] == endOfText)
        .toArray();
  }

  /**
   * The rows of one optimizer step. Each epoch goes through all rows once, in a permutation keyed
   * by the seed and the epoch, so the step number alone is the position in the data. A batch may
   * reach into the next epoch.
   *
   * @param step from 0
   * @param batchSize rows, at least 1
   * @return {@code [batchSize, length]}
   */
  public int[][] batch(long step, int batchSize, long seed) {
    if (step < 0 || batchSize < 1) {
      throw new IllegalArgumentException(
          "step must be at least 0 and batchSize at least 1, were %d and %d"
              .formatted(step, batchSize));
    }
    int[][] rows = new int[batchSize][];
    for (int i = 0; i < batchSize; i++) {
      long drawn = Math.addExact(Math.multiplyExact(step, batchSize), i);
      int[] order = order(seed, drawn / count);
      rows[i] = sequence(order[(int) (drawn % count)]);
    }
    return rows;
  }

  private int[] order(long seed, long epoch) {
    EpochOrder latest = latestOrder;
    if (latest == null || latest.seed != seed || latest.epoch != epoch) {
      int[] order = KeyedRandom.of(seed).split("packing").split(epoch).permutation(count);
      latest = new EpochOrder(seed, epoch, order);
      latestOrder = latest;
    }
    return latest.order;
  }
}
