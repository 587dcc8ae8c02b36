package dev.unmask.registry.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesChangesTest {

  @Test
  void sortsKeysAndTellsEachPointTheNumberOfItsKey() {
    List<MetricPoint> points =
        List.of(point("b", 1, 5, 7), point("a", 2, 5, 3), point("b", 3, 9, -2));

    SeriesChanges changes = SeriesChanges.of(points);

    assertThat(changes.keys()).containsExactly("a", "b");
    assertThat(changes.numbersOf(points)).containsExactly(2, 1, 2);
    assertThat(changes.latestSteps()).containsExactly(3, 7);
    assertThat(changes.latestTimestamps()).containsExactly(5, 5);
    assertThat(changes.latestValues()).containsExactly(2, 1);
    assertThat(changes.lowestSteps()).containsExactly(3, -2);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, 2",
    "2, 1, 2",
    "NaN, Infinity, NaN",
    "Infinity, NaN, NaN",
    "-Infinity, -1, -1",
    "0.0, -0.0, 0.0",
    "-0.0, 0.0, -0.0",
  })
  void keepsTheGreatestValueOfOneMomentAsPostgresDoes(double first, double second, double latest) {
    SeriesChanges changes =
        SeriesChanges.of(List.of(point("m", first, 1, 1), point("m", second, 1, 1)));

    assertThat(changes.latestValues()).containsExactly(latest);
  }

  private static MetricPoint point(String key, double value, long timestamp, long step) {
    return new MetricPoint(key, value, timestamp, step);
  }
}
