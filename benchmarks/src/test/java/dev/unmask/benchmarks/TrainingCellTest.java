package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.family.MethodChoice;
import org.junit.jupiter.api.Test;

class TrainingCellTest {
  private static final TrainingCell DSM = TrainingCells.tiny().by("dsm", 0);

  @Test
  void trainsUnderTheScheduleThatItNames() {
    assertThat(choice(DSM).schedule()).isEqualTo("variance-preserving-by-token");
    assertThat(choice(DSM.scheduled("variance-exploding")).schedule())
        .isEqualTo("variance-exploding");
  }

  @Test
  void anotherScheduleIsAnotherRun() {
    TrainingCell other = DSM.scheduled("variance-exploding");

    assertThat(other.digest()).isNotEqualTo(DSM.digest());
    assertThat(other.description()).startsWith("dsm variance-exploding, 1 layers");
    assertThat(DSM.description()).startsWith("dsm, 1 layers");
    assertThat(TrainingCell.parse(other.json())).isEqualTo(other);
    assertThat(TrainingCell.parse(DSM.json())).isEqualTo(DSM);
  }

  @Test
  void aScheduleThatTheMethodHasNotIsRefused() {
    TrainingCell unknown = DSM.scheduled("cosine");

    assertThatThrownBy(() -> CharacterTraining.plan(unknown))
        .hasMessageContaining("schedule of dsm must be one of");
  }

  private static MethodChoice choice(TrainingCell cell) {
    return CharacterTraining.plan(cell).phases().getFirst().choice();
  }
}
