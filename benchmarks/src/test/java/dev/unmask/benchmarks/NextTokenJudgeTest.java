package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.evaluation.BlockScorer;
import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.family.MethodPlan.Start;
import dev.unmask.lm.family.NetworkSize;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.packing.Packer;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NextTokenJudgeTest {

  private static final NetworkSize SIZE =
      new NetworkSize(
          CharacterText.CHARACTERS.vocabularySize(), 1, 16, 2, 32, CharacterText.LENGTH);
  private static final int[] TEXT = CharacterText.CHARACTERS.encode("to be, or not to be");

  @Test
  void scoresInOnePassWhatScoringBlockByBlockGives(@TempDir Path directory) {
    PackedSequences rows =
        Packer.pack(
            List.of(CharacterText.CHARACTERS.encode("that is the question ".repeat(20))),
            CharacterText.LENGTH,
            CharacterText.CHARACTERS.endOfText());
    MethodPlan plan =
        new StartedTraining(new Start.Fresh(SIZE), 2, 1, PrecisionChoice.F32).plan("ar", 0, 1);
    StartedTraining.train(plan, rows, directory);

    try (NextTokenJudge judge = NextTokenJudge.open(directory)) {
      assertThat(judge.natsPerToken(TEXT, 6))
          .isCloseTo(BlockScorer.score(judge.network(), TEXT, 6).natsPerToken(), within(1e-4));
    }
  }
}
