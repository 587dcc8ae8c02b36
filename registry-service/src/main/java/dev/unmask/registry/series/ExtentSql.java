package dev.unmask.registry.series;

/**
 * The statement behind {@link Extent}, for many series at once. Of the lowest level it reads only
 * what lies below the first and the last bucket of the highest level that touch the span; those
 * between lie inside as a whole, or times fall.
 */
final class ExtentSql {
  /** The ends of a bucket on the axis; names come from here, never from callers. */
  private static final String BY_STEP = "first_step AS low, last_step AS high";

  private static final String BY_TIME = "earliest AS low, latest AS high";

  private static final String OF_SERIES =
      " FROM metric_buckets WHERE series_id = w.id AND level = ";
  private static final String TOUCHING = "b.high >= w.low AND b.low <= w.high";
  private static final String INSIDE = "b.low >= w.low AND b.high <= w.high";
  private static final int TOP_BITS = Integer.numberOfTrailingZeros(Level.below(Level.TOP, 1));
  private static final int BELOW_TOP = Level.below(Level.TOP, 1);

  private ExtentSql() {}

  /** Parameters: series, the steps they are dirty from, lowest and highest x, as arrays. */
  static String text(boolean byTime) {
    String axis = byTime ? BY_TIME : BY_STEP;
    return "SELECT x.*, f.first_step, f.first_time, f.first_value, l.last_step, l.last_time,"
        + " l.last_value, n.last_step, n.last_time, n.last_value"
        + " FROM unnest(?, ?, ?, ?) WITH ORDINALITY AS w (id, dirty, low, high, place)"
        // The last valid bucket.
        + " LEFT JOIN LATERAL (SELECT ordinal, last_step, last_time, last_value"
        + OF_SERIES
        + "0 AND (w.dirty IS NULL OR last_step < w.dirty) ORDER BY ordinal DESC LIMIT 1) n ON true"
        // Buckets of the highest level that touch the span, and how many lie between their ends.
        + " CROSS JOIN LATERAL (SELECT min(b.ordinal) AS low, max(b.ordinal) AS high,"
        + " count(*) AS touching, greatest(max(b.ordinal) - min(b.ordinal) - 1, 0) AS inner_tops"
        + " FROM (SELECT ordinal, "
        + axis
        + OF_SERIES
        + Level.TOP
        + " AND ordinal <= n.ordinal >> "
        + TOP_BITS
        + ") b WHERE "
        + TOUCHING
        + ") t CROSS JOIN LATERAL (SELECT "
        + ends("inside", INSIDE)
        + ", sum(b.points) FILTER (WHERE "
        + INSIDE
        + ") AS points, "
        + ends("touching", TOUCHING)
        + " FROM (SELECT ordinal, points, "
        + axis
        + OF_SERIES
        + "0 AND ordinal <= n.ordinal AND ("
        + below("t.low")
        + " OR "
        + below("t.high")
        + ")) b) e CROSS JOIN LATERAL (SELECT "
        + whole("inside")
        + ", coalesce(e.points, 0) + coalesce(t.inner_tops, 0) * "
        + (long) BELOW_TOP * Level.BASE
        + ", "
        + whole("touching")
        + ", coalesce(n.ordinal, -1), coalesce((SELECT max(ordinal)"
        + OF_SERIES
        + "0), -1), t.touching = coalesce(t.high - t.low + 1, 0) AND t.inner_tops ="
        + " (SELECT count(*) FROM (SELECT ordinal, "
        + axis
        + OF_SERIES
        + Level.TOP
        + ") b WHERE b.ordinal > t.low AND b.ordinal < t.high AND "
        + INSIDE
        + "))"
        + " AS x (first_inside, last_inside, inside, points, first_touching, last_touching,"
        + " touching, newest, stored, gapless)"
        + at("f", "x.first_touching")
        + at("l", "x.last_touching")
        + " ORDER BY w.place";
  }

  private static String ends(String name, String condition) {
    String filter = " FILTER (WHERE " + condition + ") AS ";
    return "min(b.ordinal)"
        + filter
        + "first_"
        + name
        + ", max(b.ordinal)"
        + filter
        + "last_"
        + name
        + ", count(*)"
        + filter
        + name;
  }

  private static String below(String top) {
    return "ordinal BETWEEN "
        + top
        + " << "
        + TOP_BITS
        + " AND ("
        + top
        + " << "
        + TOP_BITS
        + ") + "
        + (BELOW_TOP - 1);
  }

  /** What was found below the two ends, together with what lies between them. */
  private static String whole(String name) {
    String first = "e.first_" + name;
    String last = "e.last_" + name;
    return "CASE WHEN t.inner_tops > 0 AND ("
        + first
        + " >> "
        + TOP_BITS
        + ") IS DISTINCT FROM t.low"
        + " THEN (t.low + 1) << "
        + TOP_BITS
        + " ELSE coalesce("
        + first
        + ", -1) END"
        + ", CASE WHEN t.inner_tops > 0 AND ("
        + last
        + " >> "
        + TOP_BITS
        + ") IS DISTINCT FROM t.high"
        + " THEN (t.high << "
        + TOP_BITS
        + ") - 1"
        + " ELSE coalesce("
        + last
        + ", -1) END"
        + ", e."
        + name
        + " + coalesce(t.inner_tops, 0) * "
        + BELOW_TOP;
  }

  private static String at(String alias, String ordinal) {
    return " LEFT JOIN LATERAL (SELECT *"
        + OF_SERIES
        + "0 AND ordinal = "
        + ordinal
        + " LIMIT 1) "
        + alias
        + " ON true";
  }
}
