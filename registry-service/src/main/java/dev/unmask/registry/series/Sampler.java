package dev.unmask.registry.series;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings a curve of any length down to so many buckets of about as many points each. It holds four
 * times as many at most: when they are full, neighbours are joined.
 */
final class Sampler {
  private static final int SPARE = 4;

  private final int most;
  private List<Bucket> kept = new ArrayList<>();
  private long grain = 1;
  private boolean inTime = true;

  /**
   * @param most buckets of the result, at least 1
   */
  Sampler(int most) {
    this.most = most;
  }

  /** Takes what follows, in order. */
  void add(Bucket next) {
    Bucket last = kept.isEmpty() ? null : kept.getLast();
    inTime &= next.inTime() && (last == null || last.isInTimeBefore(next));
    if (last != null && last.points() < grain) {
      kept.set(kept.size() - 1, last.plus(next));
      return;
    }
    kept.add(next);
    if (kept.size() > most * SPARE) {
      joinNeighbours();
    }
  }

  /** Whether no point came that is earlier than one before it. */
  boolean isInTime() {
    return inTime;
  }

  List<Bucket> result() {
    if (kept.size() <= most) {
      return kept;
    }
    long all = kept.stream().mapToLong(Bucket::points).sum();
    List<Bucket> result = new ArrayList<>(most);
    Bucket open = null;
    long seen = 0;
    long share = 1;
    for (Bucket next : kept) {
      open = joined(open, next);
      seen += next.points();
      if (seen * most >= share * all) {
        result.add(open);
        open = null;
        share = seen * most / all + 1;
      }
    }
    return result;
  }

  private void joinNeighbours() {
    List<Bucket> joined = new ArrayList<>(kept.size());
    for (int i = 0; i < kept.size(); i += 2) {
      Bucket first = kept.get(i);
      joined.add(i + 1 < kept.size() ? first.plus(kept.get(i + 1)) : first);
    }
    grain = Math.max(2 * grain, joined.getFirst().points());
    kept = joined;
  }

  private static Bucket joined(@Nullable Bucket before, Bucket next) {
    return before == null ? next : before.plus(next);
  }
}
