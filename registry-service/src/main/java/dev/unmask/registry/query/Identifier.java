package dev.unmask.registry.query;

/**
 * What a comparison or an order clause is about.
 *
 * @param key the name within its kind, without quotes and never empty
 */
public record Identifier(EntityKind kind, String key) {

  /** The word for the kind, for instance {@code metrics}, whichever of its names was written. */
  public String entity() {
    return kind.word();
  }

  /** Whether it names one of the object's own columns. */
  public boolean isAttribute() {
    return kind == EntityKind.ATTRIBUTE;
  }

  public boolean isTag() {
    return kind == EntityKind.TAG;
  }

  /** As a caller may write it: read again it is the same identifier. */
  public String text() {
    return kind.word() + "." + (QueryScanner.isBare(key) ? key : QueryScanner.quote(key, "`\"'"));
  }

  /** For messages: an attribute without its kind, and no quotes. */
  @Override
  public String toString() {
    return isAttribute() ? key : kind.word() + "." + key;
  }
}
