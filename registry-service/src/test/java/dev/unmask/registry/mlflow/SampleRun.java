package dev.unmask.registry.mlflow;

import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A run of a test, and the orders of runs as the protocol defines them, in plain Java. */
record SampleRun(
    String id,
    String experiment,
    String name,
    long start,
    @Nullable Long end,
    boolean active,
    @Nullable Double loss,
    @Nullable Double accuracy,
    @Nullable String param,
    @Nullable String tag) {

  static final Comparator<SampleRun> NEWEST_FIRST =
      Comparator.comparingLong(SampleRun::start).reversed().thenComparing(SampleRun::id);

  /** One key of an order; it holds every kind that a search knows. */
  enum Key {
    LOSS("metrics.loss"),
    ACCURACY("metrics.`accuracy`"),
    PARAM("params.p"),
    TAG("tags.t"),
    START("attributes.start_time"),
    END("end_time"),
    NAME("run_name"),
    STATUS("status"),
    ID("attribute.run_id"),
    URI("artifact_uri");

    final String text;

    Key(String text) {
      this.text = text;
    }

    Comparator<SampleRun> comparator(boolean ascending) {
      return switch (this) {
        case LOSS -> numbers(SampleRun::loss, ascending);
        case ACCURACY -> numbers(SampleRun::accuracy, ascending);
        case PARAM -> lastIfMissing(SampleRun::param, SampleRun::compareTexts, ascending);
        case TAG -> lastIfMissing(SampleRun::tag, SampleRun::compareTexts, ascending);
        case START -> lastIfMissing(SampleRun::start, Comparator.naturalOrder(), ascending);
        case END -> lastIfMissing(SampleRun::end, Comparator.naturalOrder(), ascending);
        case NAME -> lastIfMissing(SampleRun::name, SampleRun::compareTexts, ascending);
        case STATUS -> (a, b) -> 0;
        case ID -> lastIfMissing(SampleRun::id, SampleRun::compareTexts, ascending);
        case URI ->
            lastIfMissing(
                run -> run.experiment + "/" + run.id + "/artifacts",
                SampleRun::compareTexts,
                ascending);
      };
    }
  }

  private static Comparator<SampleRun> numbers(
      Function<SampleRun, @Nullable Double> value, boolean ascending) {
    Comparator<Double> byValue = (a, b) -> a < b ? -1 : a > b ? 1 : 0;
    return Comparator.comparingInt((SampleRun run) -> rank(value.apply(run)))
        .thenComparing(
            lastIfMissing(
                run -> rank(value.apply(run)) == 0 ? value.apply(run) : null, byValue, ascending));
  }

  private static int rank(@Nullable Double value) {
    return value == null ? 2 : value.isNaN() ? 1 : 0;
  }

  private static <V> Comparator<SampleRun> lastIfMissing(
      Function<SampleRun, @Nullable V> value, Comparator<? super V> order, boolean ascending) {
    return (a, b) -> {
      V left = value.apply(a);
      V right = value.apply(b);
      if (left == null || right == null) {
        return left == right ? 0 : left == null ? 1 : -1;
      }
      return ascending ? order.compare(left, right) : order.compare(right, left);
    };
  }

  /** By code points. */
  private static int compareTexts(String a, String b) {
    return java.util.Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }
}
