package dev.unmask.registry.dataset;

import dev.unmask.registry.tag.TagRules;
import dev.unmask.support.error.UnmaskException;
import org.jspecify.annotations.Nullable;

/**
 * A data set, known by its name and the digest of its content.
 *
 * @param source where it came from, in the words of its source type; never opened here
 * @param schema of its columns, as JSON text
 * @param profile statistics of it, as JSON text
 */
public record Dataset(
    String name,
    String digest,
    String sourceType,
    String source,
    @Nullable String schema,
    @Nullable String profile) {
  private static final int NAME = 500;
  private static final int DIGEST = 36;
  private static final int SOURCE_TYPE = 36;
  private static final int SOURCE = 65_535;
  private static final int SCHEMA = 1_048_575;
  private static final int PROFILE = 16_777_215;

  /**
   * @param field where the caller wrote it, for instance {@code datasets[0].dataset}
   * @throws UnmaskException naming the part that is too long
   */
  void check(String field) {
    checkName(field + ".name", name);
    checkDigest(field + ".digest", digest);
    TagRules.atMost(field + ".source_type", sourceType, SOURCE_TYPE);
    TagRules.atMost(field + ".source", source, SOURCE);
    TagRules.atMost(field + ".schema", schema == null ? "" : schema, SCHEMA);
    TagRules.atMost(field + ".profile", profile == null ? "" : profile, PROFILE);
  }

  /**
   * @throws UnmaskException when no data set can be called so
   */
  public static String checkName(String field, String name) {
    return TagRules.atMost(field, name, NAME);
  }

  /**
   * @throws UnmaskException when no data set can have such a digest
   */
  public static String checkDigest(String field, String digest) {
    return TagRules.atMost(field, digest, DIGEST);
  }
}
