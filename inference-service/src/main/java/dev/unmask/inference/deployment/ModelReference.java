package dev.unmask.inference.deployment;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code models:/NAME@ALIAS} or {@code models:/NAME/VERSION}.
 *
 * @param alias null when a version is named
 * @param version null when an alias is named
 */
record ModelReference(String name, @Nullable String alias, @Nullable Integer version) {
  private static final Pattern FORM = Pattern.compile("models:/([^/@]+)(?:@([^/@]+)|/(\\d{1,9}))");

  /**
   * @throws IllegalArgumentException when the text has neither form
   */
  static ModelReference parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "a model reference reads models:/NAME@ALIAS or models:/NAME/VERSION, was " + text);
    }
    String version = parts.group(3);
    return new ModelReference(
        parts.group(1), parts.group(2), version == null ? null : Integer.valueOf(version));
  }

  /** As the registry's routes write it: {@code @champion} or {@code 3}. */
  String versionOrAlias() {
    return alias != null ? "@" + alias : String.valueOf(version);
  }
}
