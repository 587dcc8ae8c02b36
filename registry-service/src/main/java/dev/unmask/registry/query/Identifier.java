package dev.unmask.registry.query;

import org.jspecify.annotations.Nullable;

/**
 * What a comparison or an order clause is about.
 *
 * @param entity lower case, for instance {@code metrics}; null where none was written
 * @param key the rest, without quotes
 */
public record Identifier(@Nullable String entity, String key) {

  /** Whether the entity is absent or one of the words for an object's own columns. */
  public boolean isAttribute() {
    return entity == null
        || entity.equals("attribute")
        || entity.equals("attributes")
        || entity.equals("attr")
        || entity.equals("run");
  }

  public boolean isTag() {
    return "tag".equals(entity) || "tags".equals(entity);
  }

  @Override
  public String toString() {
    return entity == null ? key : entity + "." + key;
  }
}
