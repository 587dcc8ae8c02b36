package dev.unmask.registry.sample;

import dev.unmask.registry.api.SamplesApi.Sample;
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

/** What samples may be stored; a refusal names every field that is wrong. */
final class SampleRules {
  private static final int MOST = 100;
  private static final int NAME = 250;
  private static final int LAST_INDEX = 9_999;
  private static final int PROMPT = 20_000;
  private static final int TEXT = 100_000;
  private static final long TOGETHER = 1_000_000;
  private static final Instant YEAR_2100 = Instant.parse("2100-01-01T00:00:00Z");

  private final List<FieldFault> faults = new ArrayList<>();
  private final Map<SampleKey, Sample> byKey = new LinkedHashMap<>();
  private long characters;

  private SampleRules() {}

  /** The samples, each key once. The annotations promise what a body may yet lack. */
  static List<Sample> checked(@Nullable List<Sample> samples) {
    if (samples == null || samples.isEmpty() || samples.size() > MOST) {
      int size = samples == null ? 0 : samples.size();
      throw UnmaskException.ofField(
          ErrorCode.INVALID_REQUEST,
          "samples",
          "must hold from 1 to " + MOST + " samples, held " + size);
    }
    SampleRules rules = new SampleRules();
    for (int i = 0; i < samples.size(); i++) {
      rules.add("samples[" + i + "]", samples.get(i));
    }
    if (rules.characters > TOGETHER) {
      rules.fault(
          "samples",
          "must have at most %d characters together, have %d: send them in several requests"
              .formatted(TOGETHER, rules.characters));
    }
    if (!rules.faults.isEmpty()) {
      throw UnmaskException.ofFields(ErrorCode.INVALID_REQUEST, rules.faults);
    }
    return List.copyOf(rules.byKey.values());
  }

  private void add(String field, @Nullable Sample sample) {
    if (sample == null) {
      fault(field, "must not be null");
      return;
    }
    text(field + ".name", sample.name(), 1, NAME);
    text(field + ".text", sample.text(), 0, TEXT);
    String prompt = sample.prompt();
    if (prompt != null) {
      text(field + ".prompt", prompt, 0, PROMPT);
    }
    if (sample.index() < 0 || sample.index() > LAST_INDEX) {
      fault(field + ".index", "must be from 0 to " + LAST_INDEX + ", was " + sample.index());
    }
    Instant time = sample.time();
    if (time != null && (time.isBefore(Instant.EPOCH) || time.isAfter(YEAR_2100))) {
      fault(field + ".time", "must be from 1970 to 2099, was " + time);
    }
    Sample other = byKey.putIfAbsent(SampleKey.of(sample), sample);
    if (other != null && !saysTheSame(other, sample)) {
      fault(field, "has name, step and index of another sample in this request");
    }
  }

  /** Whether the two are one sample that was sent twice, at whatever times. */
  private static boolean saysTheSame(Sample a, Sample b) {
    return Objects.equals(a.text(), b.text()) && Objects.equals(a.prompt(), b.prompt());
  }

  private void text(String field, @Nullable String text, int least, int most) {
    int length = text == null ? -1 : text.length();
    if (text == null) {
      fault(field, "is required");
    } else if (length < least || length > most) {
      fault(field, "must have from %d to %d characters, has %d".formatted(least, most, length));
    } else if (text.indexOf('\0') >= 0) {
      fault(field, "must not hold a NUL character");
    }
    characters += Math.max(0, length);
  }

  private void fault(String field, String message) {
    faults.add(new FieldFault(field, message));
  }
}
