package dev.unmask.registry.series;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the buckets of all levels from points that come in order, holding one open bucket a level.
 */
final class PyramidBuilder {

  /** Takes a bucket that is complete, or the last of its level. */
  interface Sink {
    void put(int level, int ordinal, Bucket bucket);
  }

  private final Sink sink;
  private final @Nullable Bucket[] open = new @Nullable Bucket[Level.TOP + 1];
  private final int[] ordinals = new int[Level.TOP + 1];
  private final int[] children = new int[Level.TOP + 1];

  /**
   * @param start the bucket of the lowest level that the first point belongs to
   * @param siblings by level, below the top, the buckets before it that share its parent
   */
  PyramidBuilder(int start, List<List<Bucket>> siblings, Sink sink) {
    this.sink = sink;
    for (int level = 0; level <= Level.TOP; level++) {
      ordinals[level] = Level.above(level, start);
    }
    for (int level = 1; level <= Level.TOP; level++) {
      for (Bucket sibling : siblings.get(level - 1)) {
        open[level] = joined(open[level], sibling);
        children[level]++;
      }
    }
  }

  void add(Point point) {
    open[0] = joined(open[0], Bucket.of(point));
    children[0]++;
    if (children[0] == Level.BASE) {
      close(0);
    }
  }

  /** Puts out the last bucket of each level, full or not. */
  void finish() {
    for (int level = 0; level <= Level.TOP; level++) {
      if (children[level] > 0) {
        close(level);
      }
    }
  }

  private void close(int level) {
    Bucket done = open[level];
    if (done == null) {
      throw new IllegalStateException("level " + level + " has no open bucket");
    }
    sink.put(level, ordinals[level], done);
    open[level] = null;
    children[level] = 0;
    ordinals[level]++;
    if (level < Level.TOP) {
      int parent = level + 1;
      open[parent] = joined(open[parent], done);
      children[parent]++;
      if (children[parent] == Level.FACTOR) {
        close(parent);
      }
    }
  }

  private static Bucket joined(@Nullable Bucket before, Bucket next) {
    return before == null ? next : before.plus(next);
  }
}
