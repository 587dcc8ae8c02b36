package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.torch.PrecisionChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinishedRunsTest {

  private static final TrainingCell CELL = TrainingCells.tiny();
  private static final CellResult RESULT = new CellResult(1.5, "autoregressive", true, 12.5, 40);

  @TempDir private Path directory;

  @Test
  void knowsWhatAnEarlierProcessKept() {
    FinishedRuns.in(file()).keep(CELL, RESULT);

    assertThat(FinishedRuns.in(file()).get(CELL)).contains(RESULT);
  }

  @Test
  void knowsNoCellThatDiffersInAnything() {
    FinishedRuns finished = FinishedRuns.in(file());
    finished.keep(CELL, RESULT);

    assertThat(
            List.of(
                CELL.by("radd", 0),
                CELL.by("block-diffusion", 4),
                CELL.with(new TrainingCell.Shape(TrainingCell.Network.NANO_GPT, 1, 16, 2, 32)),
                CELL.with(new TrainingCell.Shape(TrainingCell.Network.OWN, 1, 16, 2, 64)),
                CELL.during(3, 2),
                CELL.during(2, 3),
                CELL.learning(2e-3, 0.99),
                CELL.learning(1e-3, 0),
                CELL.seeded(2),
                CELL.in(PrecisionChoice.BF16)))
        .allSatisfy(other -> assertThat(finished.get(other)).isEmpty());
  }

  @Test
  void goesOnBehindALineThatWasCutOff() throws IOException {
    Files.writeString(file(), "{\"cell\":{\"method\":\"ar\",\"bl");
    FinishedRuns.in(file()).keep(CELL, RESULT);

    assertThat(FinishedRuns.in(file()).get(CELL)).contains(RESULT);
  }

  private Path file() {
    return directory.resolve("methods.jsonl");
  }
}
