package dev.unmask.registry.histogram;

import dev.unmask.registry.api.HistogramsApi.Histogram;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What histograms may be stored; a refusal names every field that is wrong. */
final class HistogramRules {
  private static final int MOST = 100;
  private static final int KEY = 250;
  private static final int BINS = 512;
  private static final Instant YEAR_2100 = Instant.parse("2100-01-01T00:00:00Z");

  private final List<FieldFault> faults = new ArrayList<>();
  private final Map<Key, Histogram> byKey = new LinkedHashMap<>();

  /** What tells the histograms of a run apart. */
  private record Key(String key, long step) {}

  private HistogramRules() {}

  /** The histograms, each key once. The annotations promise what a body may yet lack. */
  static List<Histogram> checked(@Nullable List<Histogram> histograms) {
    if (histograms == null || histograms.isEmpty() || histograms.size() > MOST) {
      int size = histograms == null ? 0 : histograms.size();
      throw UnmaskException.ofField(
          ErrorCode.INVALID_REQUEST,
          "histograms",
          "must hold from 1 to " + MOST + " histograms, held " + size);
    }
    HistogramRules rules = new HistogramRules();
    for (int i = 0; i < histograms.size(); i++) {
      rules.add("histograms[" + i + "]", histograms.get(i));
    }
    if (!rules.faults.isEmpty()) {
      throw UnmaskException.ofFields(ErrorCode.INVALID_REQUEST, rules.faults);
    }
    return List.copyOf(rules.byKey.values());
  }

  private void add(String field, @Nullable Histogram histogram) {
    if (histogram == null) {
      fault(field, "must not be null");
      return;
    }
    key(field + ".key", histogram.key());
    edges(field + ".edges", histogram.edges());
    List<Double> edges = histogram.edges();
    int bins = edges == null ? 0 : edges.size() - 1;
    perBin(field + ".counts", histogram.counts(), bins);
    if (histogram.counts() != null && histogram.counts().stream().anyMatch(HistogramRules::below)) {
      fault(field + ".counts", "must hold no number below 0");
    }
    if (histogram.sums() != null) {
      perBin(field + ".sums", histogram.sums(), bins);
    }
    Instant time = histogram.time();
    if (time != null && (time.isBefore(Instant.EPOCH) || time.isAfter(YEAR_2100))) {
      fault(field + ".time", "must be from 1970 to 2099, was " + time);
    }
    Histogram other = byKey.putIfAbsent(new Key(histogram.key(), histogram.step()), histogram);
    if (other != null && !saysTheSame(other, histogram)) {
      fault(field, "has key and step of another histogram in this request");
    }
  }

  private static boolean below(@Nullable Long count) {
    return count != null && count < 0;
  }

  /** Whether the two are one histogram that was sent twice, at whatever times. */
  private static boolean saysTheSame(Histogram a, Histogram b) {
    return Objects.equals(a.edges(), b.edges())
        && Objects.equals(a.counts(), b.counts())
        && Objects.equals(a.sums(), b.sums());
  }

  private void key(String field, @Nullable String key) {
    if (key == null || key.isEmpty() || key.length() > KEY) {
      int length = key == null ? 0 : key.length();
      fault(field, "must have from 1 to %d characters, has %d".formatted(KEY, length));
    } else if (key.indexOf('\0') >= 0) {
      fault(field, "must not hold a NUL character");
    }
  }

  private void edges(String field, @Nullable List<Double> edges) {
    int size = edges == null ? 0 : edges.size();
    if (edges == null || size < 2 || size > BINS + 1) {
      fault(field, "must hold from 2 to %d numbers, held %d".formatted(BINS + 1, size));
      return;
    }
    for (int i = 0; i < size; i++) {
      Double edge = edges.get(i);
      Double before = i == 0 ? null : edges.get(i - 1);
      if (edge == null || !Double.isFinite(edge)) {
        fault(field + "[" + i + "]", "must be a finite number, was " + edge);
        return;
      }
      if (before != null && edge <= before) {
        fault(field + "[" + i + "]", "must be above " + before + ", was " + edge);
        return;
      }
    }
  }

  private void perBin(String field, @Nullable List<? extends Number> numbers, int bins) {
    int size = numbers == null ? 0 : numbers.size();
    if (numbers == null || size != bins) {
      fault(field, "must hold a number for each of %d bins, held %d".formatted(bins, size));
    } else if (numbers.stream().anyMatch(Objects::isNull)) {
      fault(field, "must not hold null");
    }
  }

  private void fault(String field, String message) {
    faults.add(new FieldFault(field, message));
  }
}
