package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.benchmarks.LearningCurve.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversionTest {

  private static final Conversion CONVERSION =
      new Conversion(
          List.of(
              List.of(new Point(5, 3.0), new Point(10, 2.5)),
              List.of(new Point(10, 2.4), new Point(20, 2.1))),
          80);

  @Test
  void countsTheFewestStepsOfAnyBudgetThatReachABound() {
    assertThat(CONVERSION.reaching(2.4)).contains(new Point(10, 2.4));
    assertThat(CONVERSION.shareReaching(2.4)).isEqualTo(0.125);
    assertThat(CONVERSION.shareReaching(2.2)).isEqualTo(0.25);
  }

  @Test
  void countsAllStepsFromScratchWhereNoBudgetReachesTheBound() {
    assertThat(CONVERSION.reaching(2.0)).isEmpty();
    assertThat(CONVERSION.shareReaching(2.0)).isEqualTo(1);
    assertThat(CONVERSION.best()).isEqualTo(2.1);
  }
}
