package dev.unmask.registry.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.series.RandomPoints.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PyramidBuilderTest {

  private record Place(int level, int ordinal) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return level == other.level
          ? Integer.compare(ordinal, other.ordinal)
          : Integer.compare(level, other.level);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 63", "3, 64", "4, 65", "5, 256", "6, 1024", "7, 5000", "8, 40000"})
  void makesEveryBucketOfEveryLevelFromItsPoints(long seed, int size) {
    List<Point> points = points(seed, size);

    Map<Place, Bucket> made = build(points, 0, none());

    assertThat(made).isEqualTo(expected(points));
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 1", "3, 3", "4, 4", "5, 5", "6, 63", "7, 64", "8, 255", "9, 257"})
  void goesOnBehindAnyFullBucketAsIfItHadNeverStopped(long seed, int start) {
    List<Point> points = points(seed, 20_000);
    Map<Place, Bucket> whole = expected(points);
    List<List<Bucket>> siblings = new ArrayList<>();
    for (int level = 0; level < Level.TOP; level++) {
      List<Bucket> own = new ArrayList<>();
      int first = Level.above(level + 1, start) * Level.FACTOR;
      for (int ordinal = first; ordinal < Level.above(level, start); ordinal++) {
        own.add(whole.get(new Place(level, ordinal)));
      }
      siblings.add(own);
    }

    Map<Place, Bucket> made =
        build(points.subList(start * Level.BASE, points.size()), start, siblings);

    Map<Place, Bucket> rest = new TreeMap<>(whole);
    rest.keySet().removeIf(place -> place.ordinal() < Level.above(place.level(), start));
    assertThat(made).isEqualTo(rest);
  }

  private static List<Point> points(long seed, int size) {
    TreeSet<Point> points = new TreeSet<>();
    RandomPoints random = new RandomPoints(seed, Kind.values()[(int) (seed % 2)]);
    for (int made = 0; points.size() < size; made += size) {
      points.addAll(random.next(made, size));
    }
    return List.copyOf(points).subList(0, size);
  }

  private static Map<Place, Bucket> build(
      List<Point> points, int start, List<List<Bucket>> siblings) {
    Map<Place, Bucket> made = new TreeMap<>();
    PyramidBuilder builder =
        new PyramidBuilder(
            start,
            siblings,
            (level, ordinal, bucket) ->
                assertThat(made.put(new Place(level, ordinal), bucket)).isNull());
    points.forEach(builder::add);
    builder.finish();
    return made;
  }

  private static Map<Place, Bucket> expected(List<Point> points) {
    Map<Place, Bucket> buckets = new TreeMap<>();
    for (int level = 0; level <= Level.TOP; level++) {
      int size = Level.below(level, Level.BASE);
      for (int i = 0; i * size < points.size(); i++) {
        List<Point> own = points.subList(i * size, Math.min(points.size(), (i + 1) * size));
        buckets.put(new Place(level, i), Naive.bucket(own));
      }
    }
    return buckets;
  }

  private static List<List<Bucket>> none() {
    return List.of(List.of(), List.of(), List.of(), List.of());
  }
}
