package dev.unmask.lm.family.dsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.FinishReason;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A score network learns a small text, is written, opened as its family, and samples tokens. */
@ParameterizedClass
@EnumSource(
    value = ScoreSchedule.class,
    names = {"PRESERVING", "PRESERVING_BY_TOKEN"})
@Covers(
    method = "dsm",
    parts = {Part.TRAIN, Part.SAMPLE, Part.LOAD})
@SuppressWarnings("NullAway.Init") // Set before the tests of a schedule.
class ScoreTextTest {
  private static final int STEPS = 2_200;
  private static final String[] LINES = {"abcabcabcabc", "xyzxyzxyzxyz"};
  private static final ByteTokenizer TOKENIZER = new ByteTokenizer();

  @Parameter ScoreSchedule schedule;

  private static DsmConfig config;
  private static Path directory;
  private static DsmModel model;
  private static double before;
  private static double after;

  @BeforeParameterizedClassInvocation
  static void train(ScoreSchedule schedule, @TempDir Path temporary) {
    directory = temporary;
    config =
        new DsmConfig(
            TOKENIZER.maskId() + 1, 16, 2, 48, 4, 96, 12, schedule.process(), schedule.clocks());
    OptimizerSettings settings =
        new OptimizerSettings(
            3e-3, 0.9, 0.99, 1e-8, 0, 1, 20, OptimizerSettings.Decay.COSINE, 0.95);
    try (ScoreTrainer trainer =
        new ScoreTrainer(config, new DenoisingScoreMatching(), settings, STEPS, 1)) {
      before = trainer.validate(batch(-1), 7).rounding();
      for (int step = 0; step < STEPS; step++) {
        trainer.step(batch(step));
      }
      after = trainer.validate(batch(-1), 7).rounding();
      trainer.exportModel(directory, TOKENIZER);
    }
    DiffusionModel opened = Families.open(directory, PrecisionChoice.F32);
    model = (DsmModel) opened;
  }

  @AfterParameterizedClassInvocation
  static void close() {
    model.close();
  }

  private static int[][] batch(int step) {
    int[][] clean = new int[16][];
    for (int i = 0; i < clean.length; i++) {
      clean[i] = TOKENIZER.encode(LINES[KeyedRandom.of(step).nextInt(LINES.length, i)]);
    }
    return clean;
  }

  /** Half of the rows are one line and half the other: ln 2 a line of 12 tokens is the least. */
  @Test
  void whatItLearnedIsProbableByTheBoundAndOtherTextIsNot() {
    int[][] other = {TOKENIZER.encode("cbacbacbacba")};

    assertThat(VariationalBound.natsPerToken(directory, batch(-1), 16, 1))
        .isBetween(0.8 * Math.log(2) / 12, 0.5);
    assertThat(VariationalBound.natsPerToken(directory, other, 16, 1)).isGreaterThan(1);
  }

  @Test
  void trainingLowersTheLoss() {
    assertThat(after).isLessThan(before / 4);
  }

  static Stream<TextSampler> samplers() {
    return Stream.of(
        new TextSampler.Ancestral(48, 1),
        new TextSampler.Flow(48),
        new TextSampler.Langevin(40, 8, 0.5));
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void everySamplerWritesTheTextItLearned(TextSampler sampler) {
    DecodeSettings settings = model.defaults().withMaxTokens(12).withMayEnd(false);
    List<String> texts = new ArrayList<>();
    for (int sequence = 0; sequence < 8; sequence++) {
      try (Denoising denoising = model.start(Canvas.completion(), settings, sequence, sampler)) {
        assertThat(denoising.finish().nfe()).isEqualTo(sampler.passes());
        assertThat(denoising.finishReason()).contains(FinishReason.LENGTH);
        texts.add(denoising.committedText());
      }
    }
    double learned = texts.stream().mapToDouble(ScoreTextTest::likeALine).average().orElse(0);
    assertThat(learned).as("tokens as in a line it learned, of %s", texts).isGreaterThan(0.85);
  }

  /** Share of the tokens that are those of the line that the text is most like. */
  private static double likeALine(String text) {
    return Arrays.stream(LINES)
        .mapToDouble(
            line ->
                IntStream.range(0, line.length())
                        .filter(at -> at < text.length() && text.charAt(at) == line.charAt(at))
                        .count()
                    / (double) line.length())
        .max()
        .orElse(0);
  }

  @Test
  void continuesAPromptAndNeverChangesIt() {
    for (String line : LINES) {
      int[] prompt = TOKENIZER.encode(line.substring(0, 4));
      DecodeSettings settings = model.defaults().withMaxTokens(8).withMayEnd(false);
      try (Denoising denoising = model.start(Canvas.completion(prompt), settings, 0)) {
        denoising.finish();
        String text = new String(TOKENIZER.decodeBytes(denoising.canvas()), StandardCharsets.UTF_8);
        assertThat(text).isEqualTo(line);
      }
    }
  }

  @Test
  void stepsBeforeTheLastCommitNothing() {
    DecodeSettings settings = model.defaults().withMaxTokens(6).withMayEnd(false);
    try (Denoising denoising = model.start(Canvas.completion('a', 'b'), settings, 3)) {
      while (!denoising.finished()) {
        int committed = denoising.step().committed().size();
        assertThat(committed).isEqualTo(denoising.finished() ? 6 : 0);
      }
    }
  }

  @Test
  void writtenAndReadItIsTheSameShape() {
    assertThat(DsmConfig.read(ModelDirectory.at(directory).config())).isEqualTo(config);
  }

  /** Finite differences of the loss along a random direction. */
  @Test
  void theGradientIsThatOfTheLoss() {
    DsmConfig small =
        new DsmConfig(
            6,
            3,
            1,
            8,
            2,
            12,
            5,
            new GaussianProcess.VarianceExploding(0.2, 5),
            new TokenClocks(0.5));
    int[][] clean = {{0, 1, 2, 3, 4}, {4, 4, 0, 1, 2}};
    try (ScoreTransformer network = ScoreTransformer.random(small, 3)) {
      ScoredText batch = new DenoisingScoreMatching().batch(clean, small, KeyedRandom.of(4));
      network.differentiate(batch);
      double slope = 0;
      double h = 1e-3;
      var ahead = network.weights().copy();
      var behind = network.weights().copy();
      for (int i = 0; i < network.weights().present().size(); i++) {
        try (var gradient = network.weights().present().get(i).getGradient()) {
          float[] g = gradient.toFloatArray();
          float[] d = new float[g.length];
          KeyedRandom random = KeyedRandom.of(i);
          for (int at = 0; at < g.length; at++) {
            d[at] = (float) random.gaussian(at);
            slope += g[at] * d[at];
          }
          var direction = gradient.getManager().create(d, gradient.getShape());
          ahead.present().get(i).addi(direction.mul(h));
          behind.present().get(i).addi(direction.mul(-h));
        }
      }
      double difference =
          network.evaluate(batch, ahead).total() - network.evaluate(batch, behind).total();
      assertThat(difference / (2 * h))
          .isCloseTo(slope, within(0.02 * Math.max(1, Math.abs(slope))));
      ahead.close();
      behind.close();
    }
  }

  @Test
  void theFlowGivesLearnedTextAHigherDensityThanOther() {
    assumeTrue(
        config.clocks().equals(TokenClocks.ONE), "this density takes one time for all tokens");
    ScoreFunction score = scoreOf();
    OdeLikelihood likelihood = new OdeLikelihood(config.process(), 20, 0.02);
    OdeLikelihood.Directions probes = OdeLikelihood.Directions.signs(KeyedRandom.of(1));
    double learned = likelihood.logDensity(model.embed(LINES[0]), score, probes);
    double other = likelihood.logDensity(model.embed("axbyczaxbycz"), score, probes);
    assertThat(learned).isGreaterThan(other);
  }

  private static ScoreFunction scoreOf() {
    return model.score();
  }

  /** Weighted for likelihood, a token that is all noise or clean adds nothing to the bound. */
  @Test
  void onlyTokensThatMoveCountTowardsLikelihood() {
    int[][] clean = {TOKENIZER.encode(LINES[0]), TOKENIZER.encode(LINES[1])};
    DenoisingScoreMatching objective =
        new DenoisingScoreMatching(ScoreMatching.Weight.LIKELIHOOD, 1, 0);

    ScoredText batch = objective.batch(clean, config, KeyedRandom.of(5));

    for (int row = 0; row < clean.length; row++) {
      for (int token = 0; token < clean[row].length; token++) {
        double time = batch.tokenTimes()[row][token];
        assertThat(batch.weights()[row][token] > 0).isEqualTo(time > 1e-3 && time < 1);
      }
    }
  }

  @Test
  void theSameKeyGivesTheSameBatch() {
    int[][] clean = {TOKENIZER.encode(LINES[0])};
    ScoredText a = new DenoisingScoreMatching().batch(clean, config, KeyedRandom.of(5));
    ScoredText b = new DenoisingScoreMatching().batch(clean, config, KeyedRandom.of(5));
    assertThat(a.noise()).isEqualTo(b.noise());
    assertThat(a.times()).isEqualTo(b.times());
    assertThat(a.tokenTimes()).isDeepEqualTo(b.tokenTimes());
    assertThat(Arrays.deepEquals(a.given(), b.given())).isTrue();
  }
}
