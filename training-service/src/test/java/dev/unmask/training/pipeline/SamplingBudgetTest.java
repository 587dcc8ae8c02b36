package dev.unmask.training.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplingBudgetTest {
  private final SamplingBudget budget = new SamplingBudget();

  @Test
  void allowsTheFirstSamplesAndThenATwentiethOfTheTraining() {
    assertThat(budget.allows()).isTrue();

    budget.spent(100);
    assertThat(budget.allows()).isFalse();
    budget.trained(1_900);
    assertThat(budget.allows()).isFalse();
    budget.trained(101);
    assertThat(budget.allows()).isTrue();

    budget.spent(50);
    assertThat(budget.allows()).isFalse();
    budget.trained(1_001);
    assertThat(budget.allows()).isTrue();
  }
}
