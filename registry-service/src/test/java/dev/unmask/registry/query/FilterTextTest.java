package dev.unmask.registry.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random filters, written and read again. */
class FilterTextTest {
  private static final int FILTERS = 200;

  static LongStream seeds() {
    return LongStream.range(0, 20);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void isReadAsTheFilterThatWroteIt(long seed) {
    RandomFilters filters = new RandomFilters(seed);
    for (int i = 0; i < FILTERS; i++) {
      Filter filter = filters.next();

      assertThat(Filter.parse(filter.text())).as(filter.text()).isEqualTo(filter);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void isOneForAllSpellingsOfAFilter(long seed) {
    RandomFilters filters = new RandomFilters(seed);
    for (int i = 0; i < FILTERS; i++) {
      Filter filter = filters.next();
      String spelling = filters.respelled(filter);

      assertThat(Filter.parse(spelling).text()).as(spelling).isEqualTo(filter.text());
    }
  }
}
