package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainedCellsTest {

  private static final TrainingCell CELL = TrainingCells.tiny();

  @TempDir private Path directory;
  private Path text;

  @BeforeEach
  void write() throws IOException {
    text = directory.resolve("text.txt");
    Files.writeString(text, "What is past is prologue. ".repeat(100));
  }

  @Test
  void beginsWithTheLongestAndTakesEachOnce() {
    TrainingCell twoCopies = CELL.by("block-diffusion", 4);
    TrainingCell longer = CELL.during(10, 2);

    assertThat(TrainedCells.longestFirst(List.of(CELL, twoCopies, longer, CELL)))
        .containsExactly(longer, twoCopies, CELL);
  }

  @Test
  void tellsTheTimeLeftByTheWorkLeft() {
    TrainedCells.Progress progress =
        new TrainedCells.Progress(List.of(CELL, CELL.seeded(2), CELL.seeded(3)));

    assertThat(progress.after(CELL, new CellResult(1.5, "autoregressive", true, 2, 40)))
        .startsWith("1 of 3: ar, 1 layers of width 16, 2 steps of 2 rows, seed 1, F32: 1.5000 nats")
        .endsWith("about 0 minutes left");
  }

  @Test
  void trainsInProcessesOfItsOwnAndKeepsResultsAndModels() {
    TrainingCell masked = CELL.by("radd", 0);
    TrainedCells trained = new TrainedCells(text, directory, "some", 2);
    trained.train(List.of(CELL, masked), Set.of(masked));

    TrainedCells later = new TrainedCells(text, directory, "some", 2);
    assertThat(later.of(CELL).exact()).isTrue();
    assertThat(later.of(masked).objective()).isEqualTo("lambda-DCE");
    assertThat(later.of(masked).nats()).isPositive();
    assertThat(later.seconds(List.of(CELL, masked)))
        .isEqualTo(later.of(CELL).seconds() + later.of(masked).seconds());
    assertThat(later.model(masked).resolve("config.json")).exists();
    assertThat(later.model(CELL)).doesNotExist();
  }

  @Test
  void failsWithTheMessageOfACellThatFailed() {
    TrainedCells trained = new TrainedCells(text, directory, "some", 1);

    assertThatThrownBy(() -> trained.train(List.of(CELL.by("guessing", 0)), Set.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("training failed: guessing")
        .hasMessageContaining("method was guessing");
  }

  @Test
  void namesACellThatWasNotTrained() {
    TrainedCells trained = new TrainedCells(text, directory, "some", 1);

    assertThatThrownBy(() -> trained.of(CELL)).hasMessageStartingWith("not trained: ar");
  }
}
