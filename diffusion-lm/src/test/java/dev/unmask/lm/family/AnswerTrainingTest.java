package dev.unmask.lm.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.MethodPlan.Phase;
import dev.unmask.lm.family.MethodPlan.Start;
import dev.unmask.lm.objective.AnswerObjective;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.packing.AnswerPacker;
import dev.unmask.lm.packing.AnswerRows;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.packing.Packer;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.StepReport;
import dev.unmask.lm.trainer.TrainingRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that learn prompts and answers: what is scored, what is learned, how a run goes on. */
@Covers(
    method = "llada",
    parts = {Part.TRAIN})
@Covers(
    method = "smdm",
    parts = {Part.TRAIN})
@Covers(
    method = "dream",
    parts = {Part.TRAIN})
@Covers(
    method = "sdar",
    parts = {Part.TRAIN})
@Covers(
    method = "fast-dllm-v2",
    parts = {Part.TRAIN})
class AnswerTrainingTest {
  private static final ByteTokenizer BYTES = new ByteTokenizer();
  private static final int CONTEXT = 16;
  private static final NetworkSize SIZE =
      new NetworkSize(BYTES.vocabularySize(), 1, 32, 2, 64, CONTEXT);

  @TempDir Path folder;

  static Stream<BackboneMethod> methods() {
    return Families.methods().stream()
        .filter(method -> method.options().data().contains(MethodOptions.ANSWERS))
        .map(BackboneMethod.class::cast);
  }

  private static MethodChoice choice(TrainingMethod method) {
    MethodChoice plain = method.options().defaults().forAnswers();
    return plain.blockSize() == 0 ? plain : plain.withBlockSize(4);
  }

  private static PackedSequences questions() {
    AnswerPacker packer = new AnswerPacker(CONTEXT, BYTES.endOfText());
    for (int i = 0; i < 40; i++) {
      packer.add(BYTES.encode("a?"), BYTES.encode("xyzxyz"));
      packer.add(BYTES.encode("bbb?"), BYTES.encode("uvw"));
    }
    return packer.pack();
  }

  private static MethodPlan plan(Phase phase) {
    return new MethodPlan(
        List.of(phase),
        new Start.Fresh(SIZE),
        BYTES,
        OptimizerSettings.of(1e-2),
        4,
        7,
        PrecisionChoice.F32);
  }

  private static List<Double> losses(TrainingRun run, int steps) {
    return Stream.generate(run::step).limit(steps).map(StepReport::loss).toList();
  }

  @Test
  void areThoseOfThePublishedFineTunings() {
    assertThat(methods().map(TrainingMethod::name))
        .containsExactly("ar", "smdm", "llada", "dream", "sdar", "fast-dllm-v2");
  }

  @ParameterizedTest
  @MethodSource("methods")
  void scoreTokensOfAnswersOnly(BackboneMethod method) {
    AnswerObjective objective = (AnswerObjective) method.lesson().of(choice(method), BYTES);
    AnswerRows rows = questions().answerRows(0, 1);
    List<Integer> prompts = Arrays.stream(BYTES.encode("ab?")).boxed().toList();

    for (int step = 0; step < 50; step++) {
      ScoredBatch batch = objective.batch(rows, BYTES.maskId(), KeyedRandom.of(3).split(step));
      for (int i = 0; i < batch.rows().length; i++) {
        assertThat(batch.weights()[i] == 0 || !prompts.contains(batch.targets()[i])).isTrue();
      }
      List<Integer> fed = Arrays.stream(batch.ids()).boxed().toList();
      assertThat(fed).as("prompts are seen").containsAll(prompts);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void learnToAnswerAndToEnd(BackboneMethod method) {
    int steps = 150;
    try (TrainingRun run = plan(new Phase(method, choice(method), steps)).open(questions(), null)) {
      losses(run, steps);
      run.exportModel(folder, BYTES);
    }
    try (DiffusionModel model = Families.open(folder, PrecisionChoice.F32);
        Denoising answer =
            model.start(
                Canvas.completion(BYTES.encode("bbb?")), model.defaults().withMaxTokens(8))) {
      answer.finish();

      assertThat(BYTES.decode(answer.tokens())).isEqualTo("uvw");
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void goOnFromACheckpointAsIfNothingHadHappened(BackboneMethod method) {
    MethodPlan plan = plan(new Phase(method, choice(method), 6));
    List<Double> expected;
    try (TrainingRun run = plan.open(questions(), null)) {
      losses(run, 3);
      run.checkpoint(folder);
      expected = losses(run, 3);
    }
    try (TrainingRun run = plan.open(questions(), folder)) {
      assertThat(losses(run, 3)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void countTheTokensOfAnswersInValidation(BackboneMethod method) {
    try (TrainingRun run = plan(new Phase(method, choice(method), 1)).open(questions(), null)) {
      assertThat(run.validate(questions(), 10).tokens()).isEqualTo(5 * (7 + 4));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"smdm", "llada"})
  void answerWithGuidanceAfterSomeRowsWithoutTheirPrompts(String name) {
    TrainingMethod method = Families.method(name);
    MethodChoice guided = choice(method).withUnconditional(0.25);
    int steps = 1_000;
    try (TrainingRun run = plan(new Phase(method, guided, steps)).open(questions(), null)) {
      losses(run, steps);
      run.exportModel(folder, BYTES);
    }
    try (DiffusionModel model = Families.open(folder, PrecisionChoice.F32);
        Denoising answer =
            model.start(
                Canvas.completion(BYTES.encode("bbb?")),
                model.defaults().withMaxTokens(8).withSampling(0, 1).withGuidance(0.5))) {
      answer.finish();

      assertThat(BYTES.decode(answer.tokens())).isEqualTo("uvw");
    }
  }

  @Test
  void refuseAnswersWhereTheMethodLearnsTextOnly() {
    TrainingMethod radd = Families.method("radd");
    MethodPlan plan = plan(new Phase(radd, radd.options().defaults(), 1));

    assertThatThrownBy(() -> plan.open(questions(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("learns from text, not from prompts and answers");
    assertThatThrownBy(() -> new Phase(radd, radd.options().defaults().forAnswers(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("data of radd must be one of []");
  }

  @Test
  void refuseUnconditionalRowsOfText() {
    TrainingMethod llada = Families.method("llada");
    MethodChoice text = llada.options().defaults();

    assertThatThrownBy(() -> new Phase(llada, text.withUnconditional(0.1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unconditional of llada");
    assertThat(new Phase(llada, text.forAnswers().withUnconditional(0.1), 1)).isNotNull();
  }

  @Test
  void textWithoutPromptsIsAllAnswer() {
    PackedSequences text =
        Packer.pack(List.of(BYTES.encode("abcabcabcabcabcabc")), CONTEXT, BYTES.endOfText());
    TrainingMethod llada = Families.method("llada");

    try (TrainingRun run = plan(new Phase(llada, choice(llada), 1)).open(text, null)) {
      assertThat(run.step().loss()).as("all of a text is answer").isPositive();
    }
  }
}
