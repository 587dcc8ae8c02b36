package dev.unmask.registry.series;

import dev.unmask.registry.series.CurvePlan.Segment;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Curves brought down to what a chart can show. The mark of a series, its buckets and its points
 * are read from one snapshot, so an answer is right also while a summary is written.
 */
@Service
class CurveService {
  /** Buckets of one answer. */
  static final int MOST = 64_000;

  /** So many points are read as they are, whatever they are brought down to. */
  private static final int FEW = 50_000;

  /** More are not, unless a curve shows every one of them. */
  private static final int MANY = 300_000;

  /** So many points for each bucket that is wanted make an even curve. */
  private static final int FINE = 16;

  /** Stored buckets that are held in memory at once. */
  private static final int GROUP = 40_000;

  private final SeriesLookup lookup;
  private final CurveTable table;

  CurveService(SeriesLookup lookup, CurveTable table) {
    this.lookup = lookup;
    this.table = table;
  }

  /** A series in the buckets that stand for it, in the order of the axis. */
  record Curve(Series series, List<Bucket> buckets) {}

  /**
   * The curves, run by run in the order of the keys.
   *
   * @throws dev.unmask.support.error.UnmaskException when the team has not all of the runs
   */
  @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
  public List<Curve> read(String teamId, CurveQuery query) {
    List<Series> series = lookup.find(teamId, query.runs(), query.keys());
    int most = Math.min(query.most(), MOST / Math.max(1, series.size()));
    List<Curve> curves = new ArrayList<>();
    List<CurvePlan> group = new ArrayList<>();
    int held = 0;
    for (CurvePlan plan : plans(series, query, most)) {
      if (held > 0 && held + plan.buckets() > GROUP) {
        curves.addAll(read(group, most));
        group.clear();
        held = 0;
      }
      group.add(plan);
      held += plan.buckets();
    }
    curves.addAll(read(group, most));
    return curves;
  }

  private List<CurvePlan> plans(List<Series> series, CurveQuery query, int most) {
    List<Span> spans =
        series.stream()
            .map(one -> Span.of(query.axis(), query.from(), query.to(), one.runStart()))
            .toList();
    List<Extent> extents = table.extents(series, spans);
    long all = extents.stream().mapToLong(Extent::mostPoints).sum();
    List<CurvePlan> plans = new ArrayList<>();
    for (int i = 0; i < series.size(); i++) {
      Extent extent = extents.get(i);
      long points = extent.mostPoints();
      boolean asPoints =
          points <= most || all <= FEW || (points <= (long) FINE * most && all <= MANY);
      plans.add(
          asPoints
              ? CurvePlan.ofPoints(series.get(i), spans.get(i), extent)
              : CurvePlan.ofBuckets(series.get(i), spans.get(i), extent, most));
    }
    return plans;
  }

  private List<Curve> read(List<CurvePlan> plans, int most) {
    List<List<Bucket>> buckets = table.buckets(plans);
    List<List<Segment>> segments = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      segments.add(plans.get(i).segments(buckets.get(i)));
    }
    CurveJoiner joiner = new CurveJoiner(buckets, most);
    table.points(plans, segments, joiner);
    List<CurveJoiner.Joined> joined = joiner.finish();
    List<Curve> curves = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      CurvePlan plan = plans.get(i);
      boolean inOrder =
          !plan.span().byTime() || (joined.get(i).inTime() && plan.extent().isConnected());
      curves.add(new Curve(plan.series(), inOrder ? joined.get(i).buckets() : byTime(plan, most)));
    }
    return curves;
  }

  /** A resumed run may log lower steps at later times: its order by time is then another. */
  private List<Bucket> byTime(CurvePlan plan, int most) {
    Sampler sampler = new Sampler(most);
    table.pointsByTime(plan.series(), plan.span(), (curve, point) -> sampler.add(Bucket.of(point)));
    return sampler.result();
  }
}
