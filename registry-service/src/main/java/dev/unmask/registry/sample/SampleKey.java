package dev.unmask.registry.sample;

import dev.unmask.registry.api.SamplesApi.Sample;
import dev.unmask.registry.query.KeysetToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tells the samples of a run apart, in the order in which they are read. */
record SampleKey(long step, String name, int index) {

  static SampleKey of(Sample sample) {
    return new SampleKey(sample.step(), sample.name(), sample.index());
  }

  /**
   * @param search everything that says which samples are read
   * @return null for the first page
   */
  static @Nullable SampleKey decode(@Nullable String token, String search) {
    List<@Nullable Object> position = KeysetToken.decode(token, search);
    if (position == null) {
      return null;
    }
    if (position.size() == 3
        && position.get(0) instanceof Long step
        && position.get(1) instanceof String name
        && position.get(2) instanceof Long index) {
      return new SampleKey(step, name, Math.toIntExact(index));
    }
    throw KeysetToken.ofAnotherSearch();
  }

  String encode(String search) {
    return KeysetToken.encode(search, List.of(step, name, (long) index));
  }
}
