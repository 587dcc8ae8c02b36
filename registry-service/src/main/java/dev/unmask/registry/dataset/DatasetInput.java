package dev.unmask.registry.dataset;

import dev.unmask.registry.tag.TagRules;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A data set that a run read.
 *
 * @param tags what for, for instance {@code mlflow.data.context}
 */
public record DatasetInput(Dataset dataset, SortedMap<String, String> tags) {
  private static final int TAG_KEY = 255;
  private static final int TAG_VALUE = 500;
  private static final int TAGS = 100;

  /**
   * @param field where the caller wrote it, for instance {@code datasets[0]}
   * @throws UnmaskException naming the part that is too long or too many
   */
  void check(String field) {
    dataset.check(field + ".dataset");
    if (tags.size() > TAGS) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "Invalid value for parameter '"
              + field
              + ".tags': must have at most "
              + TAGS
              + " tags, has "
              + tags.size());
    }
    tags.forEach(
        (key, value) -> {
          TagRules.atMost(field + ".tags.key", key, TAG_KEY);
          TagRules.atMost(field + ".tags.value", value, TAG_VALUE);
        });
  }

  /** The same data set with the tags of both; of a key in both the other's counts. */
  DatasetInput and(DatasetInput other) {
    SortedMap<String, String> all = new TreeMap<>(tags);
    all.putAll(other.tags);
    return new DatasetInput(dataset, all);
  }
}
