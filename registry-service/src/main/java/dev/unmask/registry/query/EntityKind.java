package dev.unmask.registry.query;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an identifier belongs to: each kind under all the names that callers may write. */
public enum EntityKind {
  /** An object's own columns; meant too where no entity is written. */
  ATTRIBUTE("attributes", "attribute", "attr", "run"),
  METRIC("metrics", "metric"),
  PARAM("params", "param", "parameters", "parameter"),
  TAG("tags", "tag"),
  DATASET("datasets", "dataset");

  private final List<String> names;

  EntityKind(String... names) {
    this.names = List.of(names);
  }

  /** The name that stands for all of them. */
  public String word() {
    return names.getFirst();
  }

  /** By any of its names, in any case of letters. */
  public static Optional<EntityKind> named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(kind -> kind.names.contains(lower)).findFirst();
  }

  public static List<String> words() {
    return Arrays.stream(values()).map(EntityKind::word).toList();
  }
}
