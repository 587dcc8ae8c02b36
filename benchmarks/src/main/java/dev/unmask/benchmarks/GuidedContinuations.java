package dev.unmask.benchmarks;

import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.FullAttentionCaches;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.evaluation.MonteCarloBound;
import dev.unmask.lm.evaluation.OptionScores;
import dev.unmask.lm.evaluation.OptionScores.Normalisation;
import dev.unmask.lm.evaluation.OptionScores.Option;
import dev.unmask.lm.evaluation.Scorers;
import dev.unmask.lm.evaluation.TextScorer;
import dev.unmask.lm.evaluation.TextStatistics;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What unsupervised classifier-free guidance (SMDM, arXiv:2410.18514) changes after a prompt of
 * half a row of validation text, by its scale w: how often the model prefers the true other half to
 * the other halves of three random rows, and how probable a next-token model finds what it writes.
 */
record GuidedContinuations(TrainedModels models, boolean quick) {
  private static final List<Double> SCALES = List.of(0.0, 0.5, 1.0, 2.0);
  private static final int PROMPT = CharacterText.LENGTH / 2;
  private static final int OPTIONS = 4;
  private static final int PROMPTS = 200;
  private static final int WRITTEN = 50;
  private static final int QUICK_PROMPTS = 2;
  private static final int DRAWS = 8;
  private static final long SEED = 1;

  /** A prime: rows one after the other are of one scene. */
  private static final int SPREAD = 1_009;

  void run(String benchmark, Consumer<Result> results) {
    try (DiffusionModel model = Families.open(models.smdm(), PrecisionChoice.F32);
        DiffusionModel judge = Families.open(models.autoregressive(), PrecisionChoice.F32)) {
      Generator generator = model.blockwise().orElseThrow();
      for (double scale : SCALES) {
        results.accept(accuracy(benchmark, generator, scale));
        results.accept(written(benchmark, generator, judge, scale));
      }
    }
  }

  private Result accuracy(String benchmark, Generator generator, double scale) {
    int prompts = Math.min(quick ? QUICK_PROMPTS : PROMPTS, models.text().validation().count());
    BitSet prompt = new BitSet();
    prompt.set(0, PROMPT);
    int right = 0;
    try (KvCache network =
        FullAttentionCaches.of(generator.backbone(), CacheKind.NONE, prompt, scale)) {
      TextScorer scorer =
          (tokens, from, draws, seed) ->
              MonteCarloBound.score(
                  network,
                  generator.config(),
                  generator.sampler(),
                  tokens,
                  from,
                  new MonteCarloBound.Draws(1, draws),
                  seed);
      for (int i = 0; i < prompts; i++) {
        OptionScores scores =
            OptionScores.of(
                scorer, half(row(i), 0), options(i), Normalisation.TOKENS, DRAWS, SEED + i);
        right += scores.best() == 0 ? 1 : 0;
      }
    }
    double share = (double) right / prompts;
    return Result.of(
            benchmark, "smdm: true continuation preferred, guidance " + scale, share, "share")
        .with("guidance", scale)
        .with("chance", 1.0 / OPTIONS)
        .with("standard_error", Math.sqrt(share * (1 - share) / prompts))
        .with("prompts", prompts)
        .with("draws", DRAWS);
  }

  private Result written(
      String benchmark, Generator generator, DiffusionModel judge, double scale) {
    int prompts = quick ? QUICK_PROMPTS : WRITTEN;
    TextScorer scorer = Scorers.of(judge).values().iterator().next();
    DecodeSettings settings =
        generator
            .defaults()
            .withMaxTokens(CharacterText.LENGTH - PROMPT)
            .withBlockSize(CharacterText.LENGTH - PROMPT)
            .withPolicy(new FixedTokensPerStep(1))
            .withCache(CacheKind.NONE)
            .withSampling(1, 1)
            .withMayEnd(false)
            .withGuidance(scale);
    double nats = 0;
    double entropy = 0;
    for (int i = 0; i < prompts; i++) {
      int[] prompt = half(row(i), 0);
      try (Denoising denoising =
          generator.start(Canvas.completion(prompt), settings.withSeed(SEED + i), i)) {
        denoising.finish();
        int[] canvas = denoising.canvas();
        nats += scorer.score(canvas, PROMPT, 1, SEED).natsPerToken() / prompts;
        entropy +=
            TextStatistics.unigramEntropy(Arrays.copyOfRange(canvas, PROMPT, canvas.length))
                / prompts;
      }
    }
    return Result.of(
            benchmark,
            "smdm: what it writes to a next-token model, guidance " + scale,
            nats,
            "nats/character")
        .with("guidance", scale)
        .with("entropy", entropy)
        .with("prompts", prompts);
  }

  /** The true continuation first, then those of other rows. */
  private List<Option> options(int row) {
    List<Option> options = new ArrayList<>();
    options.add(option(row));
    others(row, models.text().validation().count()).forEach(other -> options.add(option(other)));
    return options;
  }

  private Option option(int row) {
    int[] tokens = half(row(row), PROMPT);
    return new Option(CharacterText.CHARACTERS.decode(tokens), tokens);
  }

  /** Three different rows that are not this one, the same at every scale. */
  static List<Integer> others(int row, int rows) {
    KeyedRandom random = KeyedRandom.of(SEED).split("other-continuations").split(row);
    return IntStream.iterate(0, i -> i + 1)
        .map(i -> random.nextInt(rows, i))
        .filter(other -> other != row)
        .distinct()
        .limit(OPTIONS - 1)
        .boxed()
        .toList();
  }

  /** Rows from all over the validation text. */
  private int[] row(int index) {
    PackedSequences rows = models.text().validation();
    return rows.sequence((int) ((long) index * SPREAD % rows.count()));
  }

  private static int[] half(int[] row, int from) {
    return Arrays.copyOfRange(row, from, from + PROMPT);
  }
}
