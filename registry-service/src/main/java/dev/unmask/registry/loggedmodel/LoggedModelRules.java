package dev.unmask.registry.loggedmodel;

import dev.unmask.registry.tag.TagRules;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What logged models may be called and may say. */
final class LoggedModelRules {
  private static final int LONGEST_NAME = 500;
  private static final String FORBIDDEN = "/:.%\"'";

  private LoggedModelRules() {}

  /** Names stand in folders and filters: no separators, quotes or control characters. */
  static void checkName(String name) {
    if (name.isBlank()
        || name.chars().anyMatch(c -> FORBIDDEN.indexOf(c) >= 0 || Character.isISOControl(c))) {
      throw invalid(
          "Invalid value for parameter 'name': '"
              + name
              + "' must not be blank and must hold none of / : . % \" '");
    }
    TagRules.atMost("name", name, LONGEST_NAME);
  }

  static void checkType(@Nullable String modelType) {
    if (modelType != null) {
      TagRules.atMost("model_type", modelType, LONGEST_NAME);
    }
  }

  static void checkTags(SortedMap<String, String> tags) {
    tags.forEach(
        (key, value) -> {
          TagRules.key("tags", key);
          TagRules.atMost("value", value, TagRules.MODEL_TAG_VALUE);
        });
  }

  /** Long values are cut like those of a run: the same clients write both. */
  static SortedMap<String, String> checkedParams(SortedMap<String, String> given) {
    SortedMap<String, String> cut = new TreeMap<>();
    given.forEach(
        (key, value) ->
            cut.put(TagRules.key("params", key), TagRules.cut(value, TagRules.PARAM_VALUE)));
    return cut;
  }

  /**
   * @throws UnmaskException naming the first of the wanted params that is stored with another value
   */
  static void checkUnchanged(
      String modelId, Map<String, String> stored, SortedMap<String, String> wanted) {
    wanted.forEach(
        (key, value) -> {
          if (!value.equals(stored.get(key))) {
            throw invalid(
                "Changing param values is not allowed. Param with key='"
                    + key
                    + "' was already logged with value='"
                    + stored.get(key)
                    + "' for model ID='"
                    + modelId
                    + "'. Attempted logging new value '"
                    + value
                    + "'.");
          }
        });
  }

  static UnmaskException invalid(String message) {
    return new UnmaskException(ErrorCode.INVALID_REQUEST, message);
  }
}
