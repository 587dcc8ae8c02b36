package dev.unmask.registry.series;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts the buckets of curves into their place between the points around them, a curve at a time:
 * points come curve by curve, in order.
 */
final class CurveJoiner implements CurveTable.Sink {
  private final List<List<Bucket>> buckets;
  private final int most;
  private final List<Joined> done = new ArrayList<>();
  private Sampler sampler;
  private boolean joined;

  /**
   * @param buckets of each curve, in order
   * @param most buckets of a finished curve
   */
  CurveJoiner(List<List<Bucket>> buckets, int most) {
    this.buckets = buckets;
    this.most = most;
    this.sampler = new Sampler(most);
  }

  /**
   * A finished curve.
   *
   * @param inTime whether no point is earlier than one before it
   */
  record Joined(List<Bucket> buckets, boolean inTime) {}

  @Override
  public void put(int curve, Point point) {
    if (curve < done.size()) {
      throw new IllegalStateException("a point of curve " + curve + " after that of the next");
    }
    while (done.size() < curve) {
      next();
    }
    List<Bucket> own = buckets.get(curve);
    if (CurvePlan.isBetween(point, own)) {
      return;
    }
    if (!own.isEmpty() && point.compareTo(own.getLast().last()) > 0) {
      join(own);
    }
    sampler.add(Bucket.of(point));
  }

  /** All curves. */
  List<Joined> finish() {
    while (done.size() < buckets.size()) {
      next();
    }
    return done;
  }

  private void next() {
    join(buckets.get(done.size()));
    done.add(new Joined(sampler.result(), sampler.isInTime()));
    sampler = new Sampler(most);
    joined = false;
  }

  private void join(List<Bucket> own) {
    if (!joined) {
      own.forEach(sampler::add);
      joined = true;
    }
  }
}
