package dev.unmask.lm.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.objective.BlockDiffusion;
import dev.unmask.lm.objective.MaskedDenoising;
import dev.unmask.lm.objective.MaskedDenoising.Weighting;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  private static final int LENGTH = 16;
  private static final int VOCABULARY = 12;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 6, 9})
  void repeatsAnUninterruptedRunBitForBitAfterACheckpoint(int interruptedAfter) {
    TrainingPlan plan = conversion(5, 6);
    List<StepReport> uninterrupted;
    double expected;
    try (Trainer trainer = Trainer.start(plan, cycles())) {
      uninterrupted = steps(trainer, Integer.MAX_VALUE);
      expected = trainer.validate(cycles(), 8).natsPerToken();
    }
    List<StepReport> interrupted = new ArrayList<>();
    try (Trainer trainer = Trainer.start(plan, cycles())) {
      interrupted.addAll(steps(trainer, interruptedAfter));
      trainer.checkpoint(directory);
      steps(trainer, 1); // what comes after the checkpoint is lost
    }

    try (Trainer trainer = Trainer.resume(plan, cycles(), directory)) {
      assertThat(trainer.position().optimizerStep()).isEqualTo(interruptedAfter);
      interrupted.addAll(steps(trainer, Integer.MAX_VALUE));

      assertThat(interrupted.stream().map(StepReport::loss).toList())
          .isEqualTo(uninterrupted.stream().map(StepReport::loss).toList());
      assertThat(interrupted.stream().map(StepReport::gradientNorm).toList())
          .isEqualTo(uninterrupted.stream().map(StepReport::gradientNorm).toList());
      assertThat(trainer.validate(cycles(), 8).natsPerToken()).isEqualTo(expected);
      assertThat(trainer.position().tokensSeen()).isEqualTo(11L * 4 * LENGTH);
    }
  }

  @Test
  void refusesToResumeUnderAnotherPlan() {
    try (Trainer trainer = Trainer.start(conversion(2, 2), cycles())) {
      trainer.checkpoint(directory);
    }

    assertThatThrownBy(() -> Trainer.resume(conversion(2, 3), cycles(), directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was made under another plan");
  }

  @Test
  void learnsACycleAutoregressivelyAndThenAsBlockDiffusion() {
    TrainingPlan plan = conversion(120, 120);
    try (Trainer trainer = Trainer.start(plan, cycles())) {
      List<StepReport> autoregressive = steps(trainer, 120);
      ValidationReport before = trainer.validate(cycles(), 16);
      List<StepReport> diffusion = steps(trainer, Integer.MAX_VALUE);
      ValidationReport after = trainer.validate(cycles(), 16);

      assertThat(autoregressive.getFirst().loss()).isGreaterThan(2);
      assertThat(before.exact()).isTrue();
      assertThat(before.natsPerToken()).isLessThan(0.3);
      assertThat(diffusion.getFirst().phase()).isEqualTo(1);
      assertThat(after.exact()).isFalse();
      assertThat(after.natsPerToken()).isLessThan(0.8);
      assertThat(trainer.finished()).isTrue();
      assertThatThrownBy(trainer::step).isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LAMBDA", "T", "K"})
  void learnsToDenoiseUnderFullAttention(Weighting weighting) {
    BackboneConfig radd = BackboneConfig.radd(VOCABULARY + 1, 2, 32, 2, LENGTH);
    TrainingPlan plan = plan(radd, List.of(new TrainingPhase(new MaskedDenoising(weighting), 250)));
    try (Trainer trainer = Trainer.start(plan, cycles())) {
      steps(trainer, Integer.MAX_VALUE);

      assertThat(trainer.validate(cycles(), 16).natsPerToken()).isLessThan(1.0);
    }
  }

  @Test
  void exportsADirectoryThatDecodesAsTheLastObjectiveTrains() {
    BackboneConfig config = BackboneConfig.llama(258, 1, 16, 2, 24, LENGTH, 4);
    TrainingPlan plan = plan(config, List.of(new TrainingPhase(new BlockDiffusion(4), 2)));
    try (Trainer trainer = Trainer.start(plan, cycles())) {
      steps(trainer, 2);
      trainer.exportModel(directory, new ByteTokenizer());
    }

    try (Transformer loaded = BackboneLoader.load(directory, PrecisionChoice.F32);
        ForwardPass pass =
            loaded.forward(
                new int[] {1, 2}, new int[] {0, 1}, null, new BlockCausal(4), new int[] {1})) {
      assertThat(loaded.config()).isEqualTo(config);
      assertThat(pass.logitsToHost()[0]).hasSize(258);
      assertThat(Files.exists(directory.resolve("tokenizer.json"))).isTrue();
    }
  }

  @Test
  void continuesFromTheWeightsOfAnEarlierRun() {
    TrainingPlan first = plan(tiny(), List.of(new TrainingPhase(new Autoregressive(), 120)));
    try (Trainer trainer = Trainer.start(first, cycles())) {
      steps(trainer, Integer.MAX_VALUE);
      trainer.exportModel(directory, new ByteTokenizer());
    }
    TrainingPlan second = plan(tiny(), List.of(new TrainingPhase(new Autoregressive(), 1)));

    try (Trainer trainer = Trainer.startFrom(second, cycles(), directory)) {
      assertThat(trainer.step().loss()).isLessThan(0.5);
    }
  }

  @Test
  void refusesSequencesLongerThanTheContext() {
    BackboneConfig shorter = BackboneConfig.llama(VOCABULARY + 1, 1, 16, 2, 24, 8, 4);
    TrainingPlan plan = plan(shorter, List.of(new TrainingPhase(new Autoregressive(), 1)));

    assertThatThrownBy(() -> Trainer.start(plan, cycles()))
        .hasMessage("sequences of 16 tokens do not fit a context of 8");
  }

  @Test
  void keepsNativeMemoryFlatOverHundredsOfSteps() throws Exception {
    TrainingPlan plan = conversion(200, 600);
    try (Trainer trainer = Trainer.start(plan, cycles())) {
      steps(trainer, 350);
      trainer.validate(cycles(), 16);
      long before = residentKilobytes();

      steps(trainer, 400);
      trainer.validate(cycles(), 16);

      assertThat(residentKilobytes() - before).isLessThan(24 * 1024);
    }
  }

  private static long residentKilobytes() throws Exception {
    System.gc();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  @Test
  void measuresTheTimeOfAStepInEitherPhase() {
    TrainingPlan plan = conversion(5, 5);

    assertThat(Trainer.measureMillisPerStep(plan, cycles(), 1)).isPositive();
  }

  @Test
  void picksANumberTypeByItself() {
    TrainingPlan automatic =
        new TrainingPlan(
            tiny(),
            List.of(new TrainingPhase(new Autoregressive(), 1)),
            OptimizerSettings.of(1e-2),
            4,
            7,
            PrecisionChoice.AUTO);
    try (Trainer trainer = Trainer.start(automatic, cycles())) {
      assertThat(trainer.precision()).isIn(Precision.F32, Precision.BF16);
      assertThat(trainer.step().loss()).isPositive();
    }
  }

  private static List<StepReport> steps(Trainer trainer, int atMost) {
    List<StepReport> reports = new ArrayList<>();
    while (!trainer.finished() && reports.size() < atMost) {
      reports.add(trainer.step());
    }
    return reports;
  }

  private static TrainingPlan conversion(int autoregressive, int diffusion) {
    return plan(
        tiny(),
        List.of(
            new TrainingPhase(new Autoregressive(), autoregressive),
            new TrainingPhase(new BlockDiffusion(4), diffusion)));
  }

  private static TrainingPlan plan(BackboneConfig config, List<TrainingPhase> phases) {
    return new TrainingPlan(config, phases, OptimizerSettings.of(1e-2), 4, 7, PrecisionChoice.F32);
  }

  private static BackboneConfig tiny() {
    return BackboneConfig.llama(VOCABULARY + 1, 2, 32, 2, 48, LENGTH, 4);
  }

  /** Rows that count upwards modulo the vocabulary from a random start. */
  private static PackedSequences cycles() {
    KeyedRandom random = KeyedRandom.of(3);
    int[] ids =
        IntStream.range(0, 64 * LENGTH)
            .map(i -> (random.nextInt(VOCABULARY, i / LENGTH) + i % LENGTH) % VOCABULARY)
            .toArray();
    return PackedSequences.of(ids, LENGTH, VOCABULARY - 1);
  }
}
