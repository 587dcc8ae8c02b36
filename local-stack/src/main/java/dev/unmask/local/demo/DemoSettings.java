package dev.unmask.local.demo;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for.
 *
 * @param minutes training time
 * @param corpus the user's own text in place of the sample
 * @param json file for the figures
 */
public record DemoSettings(
    Method method, double minutes, Optional<Path> corpus, Optional<Path> json) {
  private static final double BLOCK_MINUTES = 4;
  private static final double RADD_MINUTES = 30;

  /** Fills in the method's usual training time. */
  public static DemoSettings of(
      Method method, @Nullable Double minutes, @Nullable Path corpus, @Nullable Path json) {
    double usual =
        switch (method) {
          case block -> BLOCK_MINUTES;
          case radd -> RADD_MINUTES;
        };
    return new DemoSettings(
        method,
        minutes == null ? usual : minutes,
        Optional.ofNullable(corpus),
        Optional.ofNullable(json));
  }
}
