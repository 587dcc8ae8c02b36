package dev.unmask.registry.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Seeded points as clients log them, good and bad. */
final class RandomPoints {

  /** How steps and times of a series go together. */
  enum Kind {
    /** Both grow. */
    PLAIN,
    /** All at step 0, as clients log that give no step. */
    ONE_STEP,
    /** Started again at a lower step, later in time. */
    RESUMED,
    /** Anything, negative steps and equal times among it. */
    WILD
  }

  private final Random random;
  private final Kind kind;

  RandomPoints(long seed, Kind kind) {
    this.random = new Random(seed);
    this.kind = kind;
  }

  /** Points that follow {@code made} earlier ones, some of them twice, some late. */
  List<Point> next(int made, int count) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = made + i;
      if (i > 0 && random.nextInt(20) == 0) {
        points.add(points.get(random.nextInt(i)));
      } else if (at > 0 && random.nextInt(100) == 0) {
        points.add(point(random.nextInt(at)));
      } else {
        points.add(point(at));
      }
    }
    return points;
  }

  private Point point(int at) {
    return switch (kind) {
      case PLAIN -> new Point(2L * at, 1_000L + 10L * at, value());
      case ONE_STEP -> new Point(0, 1_000L + 10L * at, value());
      case RESUMED -> new Point(at % 1_000, 1_000L + 10L * at, value());
      case WILD -> new Point(random.nextInt(4_000) - 2_000, random.nextInt(500), value());
    };
  }

  private double value() {
    return switch (random.nextInt(30)) {
      case 0 -> Double.NaN;
      case 1 -> Double.POSITIVE_INFINITY;
      case 2 -> Double.NEGATIVE_INFINITY;
      case 3 -> -0.0;
      case 4 -> 0.0;
      case 5 -> random.nextBoolean() ? Double.MAX_VALUE : -Double.MAX_VALUE;
      case 6, 7, 8 -> random.nextInt(3);
      default -> random.nextGaussian();
    };
  }
}
