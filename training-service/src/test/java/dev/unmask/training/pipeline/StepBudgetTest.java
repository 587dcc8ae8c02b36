package dev.unmask.training.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StepBudgetTest {
  private static SubmitJob spec(@Nullable Double minutes, PhaseSpec... phases) {
    return new SubmitJob(
        "c",
        null,
        null,
        null,
        null,
        List.of(phases),
        minutes,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Test
  void dividesTheMinutesByTheShares() {
    SubmitJob spec =
        spec(
            10.0,
            new PhaseSpec("ar", null, null, 3.0, null),
            new PhaseSpec("block-diffusion", 4, null, 1.0, null));

    List<Integer> steps = StepBudget.steps(spec, phase -> phase == 0 ? 100 : 300);

    assertThat(steps).containsExactly(4050, 450);
  }

  @Test
  void givesEveryPhaseAStepHoweverSlow() {
    SubmitJob spec = spec(0.001, new PhaseSpec("ar", null, null, 1.0, null));

    assertThat(StepBudget.steps(spec, phase -> 1e9)).containsExactly(1);
  }

  @Test
  void takesCountedStepsAsTheyAreWithoutMeasuring() {
    SubmitJob spec = spec(null, new PhaseSpec("ar", null, null, null, 12));

    List<Integer> steps =
        StepBudget.steps(
            spec,
            phase -> {
              throw new AssertionError("measured");
            });

    assertThat(steps).containsExactly(12);
  }
}
