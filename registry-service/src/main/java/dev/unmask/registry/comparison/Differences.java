package dev.unmask.registry.comparison;

import dev.unmask.registry.api.RunsApi.Difference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The keys whose values are not the same everywhere; a missing value differs from any other. */
final class Differences {
  private Differences() {}

  /**
   * @return sorted by key, with one value for each of the entries
   */
  static List<Difference> of(List<? extends Map<String, String>> entries) {
    SortedSet<String> keys = new TreeSet<>();
    entries.forEach(ofOne -> keys.addAll(ofOne.keySet()));
    List<Difference> differences = new ArrayList<>();
    for (String key : keys) {
      List<@Nullable String> values = new ArrayList<>();
      entries.forEach(ofOne -> values.add(ofOne.get(key)));
      if (new HashSet<>(values).size() > 1) {
        differences.add(new Difference(key, values));
      }
    }
    return differences;
  }
}
