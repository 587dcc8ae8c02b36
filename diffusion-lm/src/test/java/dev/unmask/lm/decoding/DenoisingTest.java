package dev.unmask.lm.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.decoding.policy.EntropyBound;
import dev.unmask.lm.decoding.policy.Factor;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.random.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DenoisingTest {
  private static final LetterTokenizer LETTERS = new LetterTokenizer(TinyModel.VOCABULARY - 1);

  @ParameterizedTest
  @CsvSource({
    "0,4", "1,4", "3,4", "4,4", "5,4", "8,4", "13,4", "0,8", "7,8", "8,8", "19,8", "6,1", "5,32"
  })
  void writesWithTheBlockCacheExactlyWhatItWritesWithout(int promptLength, int blockSize) {
    for (int seed = 0; seed < 3; seed++) {
      for (DecodingPolicy policy : policies()) {
        try (Generator generator = Generator.of(TinyModel.random(seed, blockSize), LETTERS)) {
          DecodeSettings settings =
              settings(generator, 21).withPolicy(policy).withSampling(seed % 2, 1).withSeed(seed);
          Canvas canvas = Canvas.completion(ids(seed, promptLength));

          List<DenoisingStep> naive = steps(generator, canvas, settings.withCache(CacheKind.NONE));
          List<DenoisingStep> cached =
              steps(generator, canvas, settings.withCache(CacheKind.BLOCK));

          assertSameSteps(cached, naive);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3,5,9", "8,1,4", "0,12,30", "5,7,1", "40,9,40"})
  void infillsWithTheBlockCacheExactlyWhatItInfillsWithout(int prompt, int gap, int suffix) {
    for (int seed = 0; seed < 4; seed++) {
      try (Generator generator = Generator.of(TinyModel.random(seed, 8), LETTERS)) {
        Canvas canvas = Canvas.infill(ids(seed, prompt), ids(seed + 9, suffix));
        DecodeSettings settings = settings(generator, gap).withSeed(seed);

        List<DenoisingStep> naive = steps(generator, canvas, settings.withCache(CacheKind.NONE));
        List<DenoisingStep> cached = steps(generator, canvas, settings.withCache(CacheKind.BLOCK));

        assertSameSteps(cached, naive);
        assertThat(cached.getLast().maskedLeft()).isZero();
      }
    }
  }

  @Test
  void letsTheSuffixChangeTheGapsLastBlock() {
    try (Generator generator = Generator.of(TinyModel.random(3, 8), LETTERS)) {
      DecodeSettings settings = settings(generator, 6);
      int[] prompt = ids(1, 5);

      List<DenoisingStep> one = steps(generator, Canvas.infill(prompt, ids(2, 6)), settings);
      List<DenoisingStep> other = steps(generator, Canvas.infill(prompt, ids(4, 6)), settings);

      assertThat(other).isNotEqualTo(one);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CacheKind.class,
      names = {"PREFIX", "DUAL"})
  void startsEveryBlockWithTheExactPassUnderFullAttention(CacheKind kind) {
    for (int seed = 0; seed < 4; seed++) {
      try (Generator generator = Generator.of(TinyModel.random(seed, 0), LETTERS)) {
        Canvas canvas = Canvas.infill(ids(seed, 6), ids(seed + 1, 4));
        DecodeSettings wholeBlocks =
            settings(generator, 20).withBlockSize(5).withPolicy(new FixedTokensPerStep(5));

        assertSameSteps(
            steps(generator, canvas, wholeBlocks.withCache(kind)),
            steps(generator, canvas, wholeBlocks.withCache(CacheKind.NONE)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CacheKind.class,
      names = {"PREFIX", "DUAL"})
  void writesTheSameWithAnyCacheWhenPositionsDoNotSeeEachOther(CacheKind kind) {
    try (Generator generator = Generator.of(TinyModel.positionWise(2), LETTERS)) {
      Canvas canvas = Canvas.infill(ids(1, 6), ids(2, 4));
      DecodeSettings settings = settings(generator, 20).withBlockSize(5);

      assertSameSteps(
          steps(generator, canvas, settings.withCache(kind)),
          steps(generator, canvas, settings.withCache(CacheKind.NONE)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 8})
  void keepsGivenTokensEndsWithoutMasksAndUnmasksAtEveryStep(int blockSize) {
    for (int seed = 0; seed < 20; seed++) {
      KeyedRandom random = KeyedRandom.of(seed);
      int[] given = ids(seed, 1 + random.nextInt(40, 1));
      BitSet masked = new BitSet();
      masked.set(random.nextInt(given.length, 2));
      for (int i = 0; i < given.length; i++) {
        masked.set(i, masked.get(i) || random.uniform(3, i) < 0.5);
      }
      try (Generator generator = Generator.of(TinyModel.random(seed, blockSize), LETTERS);
          Denoising denoising =
              generator.start(
                  new Canvas.Template(given, masked),
                  settings(generator, 64).withPolicy(policies().get(seed % 4)))) {
        int left = masked.cardinality();
        while (!denoising.finished()) {
          DenoisingStep step = denoising.step();
          assertThat(step.committed()).isNotEmpty();
          assertThat(step.maskedLeft()).isEqualTo(left - step.committed().size());
          left = step.maskedLeft();
        }

        int[] canvas = denoising.canvas();
        for (int i = 0; i < given.length; i++) {
          assertThat(canvas[i]).isLessThan(TinyModel.VOCABULARY - 1);
          assertThat(masked.get(i) || canvas[i] == given[i]).isTrue();
        }
      }
    }
  }

  @Test
  void neverWritesTheMaskHoweverMuchTheModelLikesIt() {
    try (Generator generator = Generator.of(TinyModel.inLoveWithTheMask(1), LETTERS);
        Denoising denoising =
            generator.start(
                Canvas.completion(1, 2), settings(generator, 30).withSampling(1, 0.9))) {
      denoising.finish();

      assertThat(denoising.tokens())
          .hasSizeGreaterThan(0)
          .doesNotContain(generator.config().maskId());
    }
  }

  @ParameterizedTest
  @CsvSource({"0,NONE", "0,PREFIX", "0,DUAL", "4,NONE", "4,BLOCK"})
  void countsEveryForwardPass(int blockSize, CacheKind cache) {
    TinyModel model = TinyModel.random(5, blockSize);
    try (Generator generator = Generator.of(model, LETTERS);
        Denoising denoising =
            generator.start(
                Canvas.completion(ids(1, 9)),
                settings(generator, 16).withBlockSize(4).withCache(cache))) {
      DecodeReport report = denoising.finish();

      assertThat(report.nfe()).isEqualTo(model.forwards()).isBetween(4, 16);
      assertThat(report.tokens()).isEqualTo(16);
      assertThat(report.blocks()).isEqualTo(blockSize == 0 ? 4 : 5);
      assertThat(report.tokensPerForward()).isCloseTo(16.0 / report.nfe(), within(1e-12));
      assertThat(report.cacheHitRate()).isBetween(0.0, 1.0);
      assertThat(report.cacheHits() > 0).isEqualTo(cache != CacheKind.NONE);
    }
  }

  @Test
  void needsNoForwardPassToFillTheBlockCache() {
    TinyModel model = TinyModel.random(5, 4);
    try (Generator generator = Generator.of(model, LETTERS);
        Denoising denoising =
            generator.start(
                Canvas.completion(ids(1, 9)),
                settings(generator, 15).withPolicy(new FixedTokensPerStep(4)))) {
      assertThat(denoising.finish().nfe()).isEqualTo(4);
    }
  }

  @Test
  void writesTheSameTextWhateverRunsBesideIt() {
    try (Generator generator = Generator.of(TinyModel.random(8, 4), LETTERS)) {
      DecodeSettings settings = settings(generator, 24).withSampling(1, 0.95);
      List<int[]> alone = new ArrayList<>();
      List<Denoising> together = new ArrayList<>();
      for (int seed = 0; seed < 4; seed++) {
        Canvas canvas = Canvas.completion(ids(seed, 3 + seed));
        try (Denoising denoising = generator.start(canvas, settings.withSeed(seed))) {
          denoising.finish();
          alone.add(denoising.canvas());
        }
        together.add(generator.start(canvas, settings.withSeed(seed)));
      }
      while (together.stream().anyMatch(denoising -> !denoising.finished())) {
        together.stream().filter(denoising -> !denoising.finished()).forEach(Denoising::step);
      }

      for (int seed = 0; seed < 4; seed++) {
        assertThat(together.get(seed).canvas()).isEqualTo(alone.get(seed));
      }
      together.forEach(Denoising::close);
    }
  }

  @Test
  void tellsSeveralAnswersToOneCanvasApart() {
    try (Generator generator = Generator.of(TinyModel.random(8, 4), LETTERS);
        Denoising first =
            generator.start(Canvas.completion(3), settings(generator, 24).withSampling(2, 1), 0);
        Denoising second =
            generator.start(Canvas.completion(3), settings(generator, 24).withSampling(2, 1), 1)) {
      first.finish();
      second.finish();

      assertThat(first.canvas()).isNotEqualTo(second.canvas());
    }
  }

  @Test
  void endsBeforeTheFirstStopTextAndStreamsOnlyWhatStays() {
    try (Generator generator = Generator.of(TinyModel.random(8, 4), LETTERS)) {
      DecodeSettings settings = settings(generator, 40).withSampling(2, 1);
      String whole = textOf(generator, settings);
      String stop = whole.substring(9, 11);

      try (Denoising denoising =
          generator.start(Canvas.completion(3), settings.withStop(List.of("zz", stop)))) {
        String streamed = "";
        while (!denoising.finished()) {
          denoising.step();
          assertThat(denoising.committedText()).startsWith(streamed);
          streamed = denoising.committedText();
        }

        assertThat(streamed).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(denoising.finishReason()).contains(FinishReason.STOP);
        assertThat(denoising.tokens()).hasSize(denoising.committedPrefix());
      }
    }
  }

  @Test
  void endsAtTheModelsEndOfText() {
    for (int seed = 0; seed < 200; seed++) {
      try (Generator generator = Generator.of(TinyModel.random(8, 4), LETTERS);
          Denoising denoising =
              generator.start(
                  Canvas.completion(3),
                  settings(generator, 40).withSampling(2, 1).withSeed(seed).withMayEnd(true))) {
        denoising.finish();
        if (denoising.finishReason().orElseThrow() == FinishReason.STOP) {
          assertThat(denoising.tokens()).doesNotContain(LETTERS.endOfText());
          assertThat(denoising.canvas()).contains(LETTERS.endOfText());
          return;
        }
      }
    }
    throw new AssertionError("no seed wrote an end of text");
  }

  @Test
  void refusesWhatTheModelCannotDecodeNamingTheField() {
    try (Generator blocks = Generator.of(TinyModel.random(1, 4), LETTERS);
        Generator full = Generator.of(TinyModel.random(1, 0), LETTERS)) {
      DecodeSettings settings = settings(blocks, 8);
      Canvas canvas = Canvas.completion(1);

      assertThatThrownBy(() -> blocks.start(canvas, settings.withCache(CacheKind.DUAL)))
          .hasMessage("cache must be NONE or BLOCK for a block-causal model, was DUAL");
      assertThatThrownBy(() -> full.start(canvas, settings.withCache(CacheKind.BLOCK)))
          .hasMessage("cache must be NONE, PREFIX or DUAL for a full-attention model, was BLOCK");
      assertThatThrownBy(() -> blocks.start(canvas, settings.withMaxTokens(96)))
          .hasMessage(
              "maxTokens must be such that prompt, answer and suffix fit the model's 96 tokens, was"
                  + " 97 tokens in all");
      assertThatThrownBy(() -> blocks.start(Canvas.completion(1, 23), settings))
          .hasMessage(
              "prompt must hold token ids below 24 other than the mask, was 23 at position 1");
      assertThatThrownBy(() -> Generator.of(TinyModel.random(1, 0), new LetterTokenizer(9)))
          .hasMessage("tokenizer has mask id 9, the model's is 23");
    }
  }

  @Test
  void refusesAStepAfterTheLast() {
    try (Generator generator = Generator.of(TinyModel.random(1, 4), LETTERS);
        Denoising denoising = generator.start(Canvas.completion(), settings(generator, 3))) {
      denoising.finish();

      assertThatThrownBy(denoising::step).isInstanceOf(IllegalStateException.class);
    }
  }

  private static String textOf(Generator generator, DecodeSettings settings) {
    try (Denoising denoising = generator.start(Canvas.completion(3), settings)) {
      denoising.finish();
      return denoising.committedText();
    }
  }

  private static List<DecodingPolicy> policies() {
    return List.of(
        new FixedTokensPerStep(2),
        new ConfidenceThreshold(0.6),
        new Factor(1),
        new EntropyBound(0.8));
  }

  private static DecodeSettings settings(Generator generator, int maxTokens) {
    return generator
        .defaults()
        .withMaxTokens(maxTokens)
        .withPolicy(new ConfidenceThreshold(0.5))
        .withSampling(0, 1)
        .withMayEnd(false);
  }

  private static List<DenoisingStep> steps(
      Generator generator, Canvas canvas, DecodeSettings settings) {
    List<DenoisingStep> steps = new ArrayList<>();
    try (Denoising denoising = generator.start(canvas, settings)) {
      while (!denoising.finished()) {
        steps.add(denoising.step());
      }
    }
    return steps;
  }

  private static void assertSameSteps(List<DenoisingStep> actual, List<DenoisingStep> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).committed()).hasSameSizeAs(expected.get(i).committed());
      for (int j = 0; j < actual.get(i).committed().size(); j++) {
        DenoisingStep.Committed one = actual.get(i).committed().get(j);
        DenoisingStep.Committed other = expected.get(i).committed().get(j);
        assertThat(one.position()).isEqualTo(other.position());
        assertThat(one.token()).isEqualTo(other.token());
        assertThat(one.probability()).isCloseTo(other.probability(), within(1e-5));
      }
    }
  }

  private static int[] ids(long seed, int length) {
    int[] ids = new int[length];
    Arrays.setAll(ids, i -> KeyedRandom.of(seed).nextInt(TinyModel.VOCABULARY - 2, i));
    return ids;
  }
}
