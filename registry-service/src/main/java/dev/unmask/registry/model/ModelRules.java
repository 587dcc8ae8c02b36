package dev.unmask.registry.model;

import dev.unmask.registry.tag.TagRules;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** What models and aliases may be called, and how failures to find them are told. */
final class ModelRules {
  private static final Pattern ALIAS =
      Pattern.compile("[\\w\\-]{1,255}", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern VERSION_LIKE = Pattern.compile("(?i)latest|v\\d+");
  private static final int LONGEST_NAME = 250;

  private ModelRules() {}

  /** Names stand in {@code models:/name/version} and in URLs: no separators, no parent folders. */
  static void checkName(String name) {
    if (name.isBlank()) {
      throw invalid("Registered model name cannot be empty.");
    }
    TagRules.atMost("name", name, LONGEST_NAME);
    if (name.contains("..")
        || name.equals(".")
        || name.chars().anyMatch(c -> "/\\:@#?%;".indexOf(c) >= 0 || Character.isISOControl(c))) {
      throw invalid(
          "Invalid registered model name '"
              + name
              + "': it must not hold '/', '\\', ':', '@', '#', '?', '%', ';' or '..'.");
    }
  }

  static void checkAlias(String alias) {
    if (!ALIAS.matcher(alias).matches() || VERSION_LIKE.matcher(alias).matches()) {
      throw invalid(
          "Invalid alias name: '"
              + alias
              + "'. It may hold letters, digits, underscores and dashes, and must be neither"
              + " 'latest' nor 'v' with a number.");
    }
  }

  static void checkTags(SortedMap<String, String> tags) {
    tags.forEach(
        (key, value) -> {
          TagRules.key("key", key);
          TagRules.atMost("value", value, TagRules.MODEL_TAG_VALUE);
        });
  }

  static UnmaskException unknownModel(String name) {
    return new UnmaskException(
        ErrorCode.MODEL_NOT_FOUND, "Registered Model with name=" + name + " not found");
  }

  static UnmaskException unknownVersion(String name, int version) {
    return new UnmaskException(
        ErrorCode.MODEL_VERSION_NOT_FOUND,
        "Model Version (name=" + name + ", version=" + version + ") not found");
  }

  static UnmaskException unknownAlias(String alias) {
    return new UnmaskException(
        ErrorCode.MODEL_ALIAS_NOT_FOUND, "Registered model alias " + alias + " not found.");
  }

  static UnmaskException taken(String name) {
    return new UnmaskException(
        ErrorCode.ALREADY_EXISTS, "Registered Model (name=" + name + ") already exists.");
  }

  private static UnmaskException invalid(String message) {
    return new UnmaskException(ErrorCode.INVALID_REQUEST, message);
  }
}
