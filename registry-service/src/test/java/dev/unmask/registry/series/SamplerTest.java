package dev.unmask.registry.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.series.RandomPoints.Kind;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {

  @ParameterizedTest
  @CsvSource({"1, 1, 1000", "2, 7, 5000", "3, 320, 5000", "4, 320, 40000", "5, 20, 1000"})
  void bringsMixedBucketsDownToTheNumberAndLosesNothing(long seed, int most, int size) {
    TreeSet<Point> logged = new TreeSet<>(new RandomPoints(seed, Kind.PLAIN).next(0, size));
    List<Point> points = List.copyOf(logged);
    Random random = new Random(seed);
    Sampler sampler = new Sampler(most);
    for (int from = 0; from < points.size(); ) {
      int count = Math.min(points.size() - from, random.nextBoolean() ? 1 : random.nextInt(1, 65));
      sampler.add(Naive.bucket(points.subList(from, from + count)));
      from += count;
    }

    List<Bucket> result = sampler.result();

    assertThat(result).hasSizeLessThanOrEqualTo(most);
    assertThat(result.size()).isGreaterThan(most / 2);
    int from = 0;
    for (Bucket bucket : result) {
      int to = from + (int) bucket.points();
      assertThat(bucket).isEqualTo(Naive.bucket(points.subList(from, to)));
      from = to;
    }
    assertThat(from).isEqualTo(points.size());
  }

  @Test
  void keepsEveryPointWhereTheyFit() {
    Sampler sampler = new Sampler(10);
    List<Point> points = List.copyOf(new TreeSet<>(new RandomPoints(1, Kind.WILD).next(0, 10)));
    points.forEach(point -> sampler.add(Bucket.of(point)));

    assertThat(sampler.result()).extracting(Bucket::first).isEqualTo(points);
  }

  @Test
  void sharesPointsEvenly() {
    Sampler sampler = new Sampler(320);
    for (int i = 0; i < 976; i++) {
      Point point = new Point(i, i, i);
      sampler.add(Bucket.of(point));
    }

    assertThat(sampler.result()).hasSize(320);
    assertThat(sampler.result()).extracting(Bucket::points).containsOnly(3L, 4L);
  }

  @Test
  void seesWhetherTimesFall() {
    Sampler falling = new Sampler(1);
    falling.add(Bucket.of(new Point(1, 9, 0)));
    falling.add(Bucket.of(new Point(2, 8, 0)));
    Sampler level = new Sampler(1);
    level.add(Bucket.of(new Point(1, 9, 0)));
    level.add(Bucket.of(new Point(2, 9, 0)));

    assertThat(falling.isInTime()).isFalse();
    assertThat(level.isInTime()).isTrue();
  }
}
