package dev.unmask.lm.packing;

import dev.unmask.lm.random.KeyedRandom;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Token ids of shape {@code [count, length]}, on the heap or mapped from a file; every row is full,
 * a document ends where the end-of-text id stands. Rows of prompts and answers hold one example
 * each, filled up with end-of-text ids. Immutable, for any number of threads.
 */
public final class PackedSequences {

  /** Numbers before the ids of a row that has an answer. */
  static final int SPAN = 2;

  private record EpochOrder(long seed, long epoch, int[] order) {}

  private final MemorySegment ids;
  private final ValueLayout.OfInt layout;
  private final int count;
  private final int length;
  private final int endOfText;

  /** Whether two numbers before the ids of each row say where its answer stands. */
  private final boolean answers;

  /** The order last used: training asks for the same epoch thousands of times in a row. */
  private volatile @Nullable EpochOrder latestOrder;

  PackedSequences(
      MemorySegment ids, ValueLayout.OfInt layout, int length, int endOfText, boolean answers) {
    this.ids = ids;
    this.layout = layout;
    this.length = length;
    this.endOfText = endOfText;
    this.answers = answers;
    this.count = Math.toIntExact(ids.byteSize() / Integer.BYTES / stride());
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
        MemorySegment.ofArray(ids), ValueLayout.JAVA_INT_UNALIGNED, length, endOfText, false);
  }

  /**
   * Rows of prompts and answers on the heap.
   *
   * @param rows {@code [count][length]}
   * @param answers where the answer of each row stands
   * @throws IllegalArgumentException if rows and answers do not fit together
   */
  static PackedSequences ofAnswers(int[][] rows, List<AnswerSpan> answers, int endOfText) {
    AnswerRows checked = new AnswerRows(rows, answers);
    int stride = checked.length() + SPAN;
    int[] stored = new int[Math.multiplyExact(checked.count(), stride)];
    for (int i = 0; i < rows.length; i++) {
      stored[i * stride] = answers.get(i).start();
      stored[i * stride + 1] = answers.get(i).end();
      System.arraycopy(rows[i], 0, stored, i * stride + SPAN, rows[i].length);
    }
    return new PackedSequences(
        MemorySegment.ofArray(stored),
        ValueLayout.JAVA_INT_UNALIGNED,
        checked.length(),
        endOfText,
        true);
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
    int[] stored = stored(index);
    return answers ? Arrays.copyOfRange(stored, SPAN, stored.length) : stored;
  }

  /** Whether every row is a prompt and its answer. */
  public boolean hasAnswers() {
    return answers;
  }

  /**
   * Where the answer of a row stands.
   *
   * @throws IllegalStateException if rows are text without prompts
   */
  public AnswerSpan answer(int index) {
    if (!answers) {
      throw new IllegalStateException("these rows are text without prompts");
    }
    int[] stored = stored(index);
    return new AnswerSpan(stored[0], stored[1]);
  }

  /** Rows of prompts and answers as one batch. */
  public AnswerRows answerRows(int... indices) {
    return AnswerRows.cut(
        Arrays.stream(indices).mapToObj(this::sequence).toArray(int[][]::new),
        Arrays.stream(indices).mapToObj(this::answer).toList());
  }

  /** A row as it is stored: where its answer stands, if it has one, and its ids. */
  int[] stored(int index) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException(
          "sequence must be in [0, %d), was %d".formatted(count, index));
    }
    int[] row = new int[stride()];
    MemorySegment.copy(ids, layout, (long) index * stride() * Integer.BYTES, row, 0, stride());
    return row;
  }

  private int stride() {
    return length + (answers ? SPAN : 0);
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
    return Arrays.stream(rows(step, batchSize, seed))
        .mapToObj(this::sequence)
        .toArray(int[][]::new);
  }

  /**
   * As {@link #batch} of rows that have answers.
   *
   * @throws IllegalStateException if rows are text without prompts
   */
  public AnswerRows answerBatch(long step, int batchSize, long seed) {
    return answerRows(rows(step, batchSize, seed));
  }

  private int[] rows(long step, int batchSize, long seed) {
    if (step < 0 || batchSize < 1) {
      throw new IllegalArgumentException(
          "step must be at least 0 and batchSize at least 1, were %d and %d"
              .formatted(step, batchSize));
    }
    int[] rows = new int[batchSize];
    for (int i = 0; i < batchSize; i++) {
      long drawn = Math.addExact(Math.multiplyExact(step, batchSize), i);
      int[] order = order(seed, drawn / count);
      rows[i] = order[(int) (drawn % count)];
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
