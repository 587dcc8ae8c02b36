package dev.unmask.lm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadBudgetTest {
  private final ThreadBudget two = new ThreadBudget(2, 2);

  @Test
  void isEveryThreadUntilSomethingIsKnown() {
    assertThat(two.threads()).isEqualTo(2);
  }

  @Test
  void givesUpTheThreadThatABusyNeighbourNeedsAndTakesItBackAfterwards() {
    two.observe(0.9);
    assertThat(two.threads()).isOne();

    two.observe(1);
    assertThat(two.threads()).as("the neighbour is still there").isOne();

    two.observe(0.05);
    assertThat(two.threads()).isEqualTo(2);
  }

  @Test
  void staysAsItIsWhereOthersTakeAboutHalfACore() {
    two.observe(0.4);
    assertThat(two.threads()).isEqualTo(2);

    two.observe(0.6);
    assertThat(two.threads()).isOne();

    two.observe(0.4);
    assertThat(two.threads()).isOne();
  }

  @Test
  void isNeverLessThanOne() {
    two.observe(7);

    assertThat(two.threads()).isOne();
  }

  @ParameterizedTest
  @CsvSource({"0, 8", "8, 8", "9, 7", "12.2, 4", "16, 1"})
  void leavesOthersTheirCoresOnALargerMachine(double others, int threads) {
    ThreadBudget budget = new ThreadBudget(16, 8);

    budget.observe(others);

    assertThat(budget.threads()).isEqualTo(threads);
  }
}
