package dev.unmask.registry.model;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One move of an alias.
 *
 * @param version where it points from then on; null when it was removed
 * @param previous where it pointed before; null when it was new
 */
public record AliasChange(
    Kind kind, @Nullable Integer version, @Nullable Integer previous, String userId, Instant at) {

  /** What moved it. */
  public enum Kind {
    SET,
    ROLLED_BACK,
    REMOVED;

    /** As the database and JSON write it. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
