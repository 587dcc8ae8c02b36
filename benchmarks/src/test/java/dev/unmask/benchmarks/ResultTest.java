package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ResultTest {

  @Test
  void printsOneLineWithTheSixFieldsFirst() {
    assertThat(Result.of("training", "a", 1234.5678, "tokens/s").with("batch", 8).json())
        .isEqualTo(
            "{\"benchmark\":\"training\",\"case\":\"a\",\"value\":1235.0,\"unit\":\"tokens/s\","
                + "\"goal\":null,\"met\":null,\"batch\":8}");
  }

  @Test
  void saysWhetherTheGoalIsMet() {
    assertThat(Result.of("decoding", "a", 7.9, "ratio").withGoal(8).json())
        .contains("\"goal\":8.0,\"met\":false");
    assertThat(Result.of("decoding", "a", 8, "ratio").withGoal(8).json())
        .contains("\"goal\":8.0,\"met\":true");
  }

  @Test
  void takesTheMedianAndShowsTheSpread() {
    Samples samples = Samples.of(9, 1, 2, 4);

    assertThat(samples.median()).isEqualTo(3);
    assertThat(Samples.of(5, 1, 2).median()).isEqualTo(2);
    assertThat(Result.of("b", "c", samples.median(), "ms").with(samples).json())
        .endsWith("\"repeats\":4,\"lowest\":1.0,\"highest\":9.0}");
  }

  @Test
  void takesTheSmallestValueThatTheShareDoesNotExceed() {
    Samples samples = Samples.of(40, 10, 30, 20);

    assertThat(samples.percentile(0.25)).isEqualTo(10);
    assertThat(samples.percentile(0.5)).isEqualTo(20);
    assertThat(samples.percentile(0.51)).isEqualTo(30);
    assertThat(samples.percentile(0.95)).isEqualTo(40);
    assertThat(samples.percentile(1)).isEqualTo(40);
    assertThatThrownBy(() -> samples.percentile(0)).hasMessage("share must be in (0, 1], was 0.0");
  }

  @Test
  void missesTheGoalWithoutAValue() {
    assertThat(Result.of("registry", "a", Double.NaN, "ms").withLimit(8).json())
        .contains("\"value\":null", "\"goal\":8.0,\"met\":false");
  }

  @Test
  void refusesToReportWhatWasNotMeasured() {
    assertThatThrownBy(Samples::of).isInstanceOf(IllegalArgumentException.class);
  }
}
