package dev.unmask.lm.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.evaluation.Estimator;
import dev.unmask.lm.evaluation.Scorers;
import dev.unmask.lm.evaluation.TextScorer;
import dev.unmask.lm.family.MethodPlan.Phase;
import dev.unmask.lm.family.MethodPlan.Start;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.packing.Packer;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.StepReport;
import dev.unmask.lm.trainer.TrainingRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method trains, goes on from a checkpoint, and exports what its family opens and decodes.
 */
class TrainingMethodsTest {
  private static final ByteTokenizer BYTES = new ByteTokenizer();
  private static final int CONTEXT = 32;
  private static final int STEPS = 60;
  private static final NetworkSize SIZE =
      new NetworkSize(BYTES.vocabularySize(), 1, 32, 2, 64, CONTEXT);

  @TempDir Path folder;

  /** Every method with its defaults, and with every other choice of its options. */
  static Stream<Phase> choices() {
    List<Phase> phases = new ArrayList<>();
    for (TrainingMethod method : Families.methods()) {
      MethodOptions options = method.options();
      MethodChoice plain = options.defaults();
      phases.add(new Phase(method, plain, STEPS));
      options.losses().stream()
          .skip(1)
          .map(plain::withLoss)
          .forEach(choice -> phases.add(new Phase(method, choice, STEPS)));
      options.clips().stream()
          .skip(1)
          .map(plain::withClip)
          .forEach(choice -> phases.add(new Phase(method, choice, STEPS)));
      options.schedules().stream()
          .skip(1)
          .map(plain::withSchedule)
          .forEach(choice -> phases.add(new Phase(method, choice, STEPS)));
      options.graphs().stream()
          .skip(1)
          .map(plain::withGraph)
          .forEach(choice -> phases.add(new Phase(method, choice, STEPS)));
    }
    return phases.stream();
  }

  private static PackedSequences text() {
    int[] line = BYTES.encode("abcabcabcabcabc");
    return Packer.pack(Stream.generate(() -> line).limit(80).toList(), CONTEXT, BYTES.endOfText());
  }

  private static MethodPlan plan(Start start, Phase... phases) {
    return new MethodPlan(
        List.of(phases), start, BYTES, OptimizerSettings.of(1e-2), 4, 7, PrecisionChoice.F32);
  }

  private static MethodPlan plan(Phase... phases) {
    return plan(new Start.Fresh(SIZE), phases);
  }

  private static Phase phase(String method, int steps) {
    TrainingMethod named = Families.method(method);
    return new Phase(named, named.options().defaults(), steps);
  }

  private static List<Double> steps(TrainingRun run, int count) {
    return Stream.generate(run::step).limit(count).map(StepReport::loss).toList();
  }

  @ParameterizedTest
  @MethodSource("choices")
  void learnsAndExportsAModelThatItsFamilyDecodes(Phase phase) {
    try (TrainingRun run = plan(phase).open(text(), null)) {
      double before = run.validate(text(), 16).natsPerToken();
      steps(run, STEPS);

      assertThat(run.finished()).isTrue();
      assertThat(run.validate(text(), 16).natsPerToken()).isLessThan(before * 0.8);
      run.exportModel(folder, BYTES);
    }
    ModelFamily family = Families.of(ModelDirectory.at(folder).config());
    assertThat(family.methods()).extracting(TrainingMethod::name).contains(phase.method().name());
    try (DiffusionModel model = Families.open(folder, PrecisionChoice.F32);
        Denoising answer =
            model.start(
                Canvas.completion(BYTES.encode("abc")),
                model.defaults().withMaxTokens(8).withMayEnd(false))) {
      answer.finish();

      assertThat(answer.tokens()).hasSize(8);
      assertThat(answer.tokens()).doesNotContain(BYTES.maskId());
      scoresWhatItHasLearned(phase.method().name(), model);
      DocumentedSettings.of(family.name()).matches(model);
    }
  }

  /** By every estimator of the family; only continuous diffusion has none. */
  private static void scoresWhatItHasLearned(String method, DiffusionModel model) {
    int[] learned = text().sequence(1);
    int[] noise = KeyedRandom.of(5).permutation(BYTES.vocabularySize());
    int[] unlearned = Arrays.copyOf(noise, learned.length);
    Map<Estimator, TextScorer> scorers = Scorers.of(model);
    assertThat(scorers.isEmpty()).isEqualTo(method.equals("dsm"));
    int first = Scorers.first(model);
    scorers.forEach(
        (estimator, scorer) -> {
          double nats = scorer.score(learned, first, 32, 3).natsPerToken();
          assertThat(nats)
              .as("%s", estimator)
              .isLessThan(scorer.score(unlearned, first, 32, 3).natsPerToken() - 1)
              .isEqualTo(scorer.score(learned, first, 32, 3).natsPerToken());
        });
  }

  @ParameterizedTest
  @MethodSource("choices")
  void goesOnFromACheckpointAsIfNothingHadHappened(Phase phase) {
    MethodPlan plan = plan(new Phase(phase.method(), phase.choice(), 6));
    List<Double> expected;
    try (TrainingRun run = plan.open(text(), null)) {
      steps(run, 3);
      run.checkpoint(folder);
      expected = steps(run, 3);
    }
    try (TrainingRun run = plan.open(text(), folder)) {
      assertThat(run.position().optimizerStep()).isEqualTo(3);
      assertThat(steps(run, 3)).isEqualTo(expected);
    }
  }

  @Test
  void searchesItsClippingAgainAndAgainAndFindsTheSameAfterACheckpoint() {
    TrainingMethod bd3lm = Families.method("bd3lm");
    MethodPlan plan = plan(new Phase(bd3lm, bd3lm.options().defaults().withClip("search"), 203));
    List<StepReport> expected;
    try (TrainingRun run = plan.open(text(), null)) {
      List<StepReport> before = Stream.generate(run::step).limit(150).toList();
      assertThat(before.stream().filter(report -> !report.measures().isEmpty()))
          .singleElement()
          .satisfies(
              report -> {
                assertThat(report.step()).as("the first step after a hundred").isEqualTo(101);
                assertThat(report.measures())
                    .containsOnlyKeys("clip_low", "clip_high", "clip_variance");
                assertThat(report.measures().get("clip_high")).isBetween(0.5, 1.0);
              });
      run.checkpoint(folder);
      expected = Stream.generate(run::step).limit(53).toList();
    }
    assertThat(expected.get(50).measures()).containsKey("clip_low");
    try (TrainingRun run = plan.open(text(), folder)) {
      List<StepReport> again = Stream.generate(run::step).limit(53).toList();
      assertThat(again)
          .extracting(StepReport::loss)
          .isEqualTo(expected.stream().map(StepReport::loss).toList());
      assertThat(again.get(50).measures()).isEqualTo(expected.get(50).measures());
    }
  }

  @Test
  void convertsAnAutoregressiveModelByALaterPhaseOrRun() {
    try (TrainingRun run = plan(phase("ar", 30)).open(text(), null)) {
      steps(run, 30);
      run.exportModel(folder, BYTES);
    }
    for (String method : List.of("sdar", "fast-dllm-v2", "dream", "llada", "block-diffusion")) {
      try (TrainingRun later = plan(new Start.From(folder), phase(method, 2)).open(text(), null);
          TrainingRun phases = plan(phase("ar", 1), phase(method, 1)).open(text(), null)) {
        assertThat(steps(later, 2)).allMatch(Double::isFinite);
        assertThat(steps(phases, 2)).allMatch(Double::isFinite);
      }
    }
  }

  static Stream<Arguments> published() {
    Map<String, String> methods =
        Map.of("llada", "llada", "sdar", "sdar", "fast_dllm_v2", "fast-dllm-v2");
    return FixtureCase.ofKinds("e2e", "e2e/generation")
        .map(
            fixture ->
                arguments(methods.get(fixture.directory().getFileName().toString()), fixture));
  }

  @ParameterizedTest
  @MethodSource("published")
  void goesOnFromAPublishedCheckpointAndExportsOneOfTheSameFamily(
      String method, FixtureCase fixture) {
    Tokenizer tokenizer = Tokenizers.load(fixture.directory());
    int[] line = tokenizer.encode("one two three");
    PackedSequences text =
        Packer.pack(Stream.generate(() -> line).limit(80).toList(), 16, tokenizer.endOfText());
    MethodPlan plan =
        new MethodPlan(
            List.of(
                new Phase(
                    Families.method(method),
                    withBlocksOfFour(Families.method(method).options()),
                    2)),
            new Start.From(fixture.directory()),
            tokenizer,
            OptimizerSettings.of(1e-3),
            2,
            7,
            PrecisionChoice.F32);
    try (TrainingRun run = plan.open(text, null)) {
      assertThat(steps(run, 2)).allMatch(Double::isFinite);
      run.exportModel(folder, tokenizer);
    }

    assertThat(Families.of(ModelDirectory.at(folder).config()))
        .isSameAs(Families.of(ModelDirectory.at(fixture.directory()).config()));
    try (DiffusionModel model = Families.open(folder, PrecisionChoice.F32);
        Denoising answer =
            model.start(Canvas.completion(line), model.defaults().withMaxTokens(8))) {
      assertThat(answer.finish().nfe()).isPositive();
    }
  }

  private static MethodChoice withBlocksOfFour(MethodOptions options) {
    MethodChoice plain = options.defaults();
    return options.blockSize() == 0 ? plain : plain.withBlockSize(4);
  }

  @Test
  void refusesPhasesOfDifferentNetworks() {
    assertThatThrownBy(() -> plan(phase("ar", 1), phase("mdlm", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("phases must train one kind of network");
  }

  @Test
  void refusesAnEarlierModelOfAnotherNetwork() {
    try (TrainingRun run = plan(phase("ar", 1)).open(text(), null)) {
      run.exportModel(folder, BYTES);
    }
    MethodPlan plan = plan(new Start.From(folder), phase("mdlm", 1));

    assertThatThrownBy(() -> plan.open(text(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("method mdlm trains a transformer with noise layers");
  }

  @Test
  void refusesAnOptionThatIsNotTheMethods() {
    TrainingMethod radd = Families.method("radd");

    assertThatThrownBy(() -> new Phase(radd, radd.options().defaults().withLoss("score"), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loss of radd must be one of [lambda, t, k]");
    assertThatThrownBy(() -> Families.method("gan"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("method was gan, known are [ar, block-diffusion");
  }
}
