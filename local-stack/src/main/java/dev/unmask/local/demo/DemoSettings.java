package dev.unmask.local.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for.
 *
 * @param recipe what is trained, and how it decodes
 * @param minutes training time
 * @param corpus the user's own text in place of the sample
 * @param json file for the figures
 */
public record DemoSettings(
    Recipe recipe, double minutes, Optional<Path> corpus, Optional<Path> json) {
  /** What {@code --method} takes; the first is the default. */
  public static List<String> methods() {
    return Recipe.methods();
  }

  /**
   * Fills in the method's usual training time.
   *
   * @throws IllegalArgumentException if there is no such method, naming those that there are
   */
  public static DemoSettings of(
      String method, @Nullable Double minutes, @Nullable Path corpus, @Nullable Path json) {
    Recipe recipe = Recipe.of(method);
    return new DemoSettings(
        recipe,
        minutes == null ? recipe.minutes() : minutes,
        Optional.ofNullable(corpus),
        Optional.ofNullable(json));
  }
}
