package dev.unmask.lm.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.family.fastdllm2.ComplementaryBlockDiffusion;
import dev.unmask.lm.family.sdar.PackedBlockDiffusion;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.Trainer;
import dev.unmask.lm.trainer.TrainingPhase;
import dev.unmask.lm.trainer.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An autoregressive model goes on training under a block diffusion objective and decodes by it. */
class BlockDiffusionConversionTest {
  private static final Tokenizer TOKENIZER = new ByteTokenizer();
  private static final int BLOCK = 4;
  private static final int LENGTH = 24;
  private static final int CYCLE = 6;

  @TempDir Path directory;

  @Test
  void becomesAModelOfSdar() {
    convert(new PackedBlockDiffusion(BLOCK, TOKENIZER.endOfText()), Alignment.SAME_POSITION);
  }

  @Test
  void becomesAModelOfFastDllm2() {
    convert(new ComplementaryBlockDiffusion(BLOCK), Alignment.SHIFTED);
  }

  private void convert(Objective objective, Alignment alignment) {
    int vocabulary = TOKENIZER.maskId() + 1;
    TrainingPlan plan =
        new TrainingPlan(
            BackboneConfig.llama(vocabulary, 2, 32, 2, 64, LENGTH, BLOCK),
            List.of(
                new TrainingPhase(new Autoregressive(), 100), new TrainingPhase(objective, 150)),
            OptimizerSettings.of(1e-2),
            8,
            7,
            PrecisionChoice.F32);
    try (Trainer trainer = Trainer.start(plan, cycles())) {
      while (!trainer.finished()) {
        trainer.step();
      }
      trainer.exportModel(directory, TOKENIZER);
    }
    try (Generator model = Generator.open(directory, PrecisionChoice.F32);
        Denoising denoising =
            model.start(
                Canvas.completion(letters(0, 6)),
                model.defaults().withMaxTokens(10).withSampling(0, 1))) {
      assertThat(model.config().alignment()).isEqualTo(alignment);
      denoising.finish();
      assertThat(denoising.tokens()).isEqualTo(letters(6, 16));
    }
  }

  /** a b c d e f a b c ... from any letter on. */
  private static PackedSequences cycles() {
    int[] ids = IntStream.range(0, 48 * LENGTH).map(i -> letter(i / LENGTH + i % LENGTH)).toArray();
    return PackedSequences.of(ids, LENGTH, TOKENIZER.endOfText());
  }

  private static int[] letters(int from, int to) {
    return IntStream.range(from, to).map(BlockDiffusionConversionTest::letter).toArray();
  }

  private static int letter(int i) {
    return 'a' + i % CYCLE;
  }
}
