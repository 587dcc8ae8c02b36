package dev.unmask.lm.family.bd3lm;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.DiffusionTransformer;
import dev.unmask.lm.cache.WindowCache;
import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.BlockReveal;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.ReverseBlockDenoising;
import dev.unmask.lm.decoding.ReverseBlockDenoising.Draws;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import java.util.List;
import java.util.Optional;

/**
 * A BD3-LM model ready to fill canvases. A fixed number of tokens a step means its own sampler: one
 * token is first-hitting, more are ancestral sampling with as many steps as fill that many tokens
 * each on average. Every other policy decodes it as any block-causal mask predictor.
 *
 * <p>Its own sampler writes texts of any length: a block sees a window of the model's context.
 */
final class Bd3Model implements DiffusionModel {
  private static final int LONGEST = 131_072;

  private final DiffusionTransformer network;
  private final Generator generator;

  /**
   * @param network closed with the model; of block-causal layout
   */
  Bd3Model(DiffusionTransformer network, Tokenizer tokenizer) {
    if (network.config().conditioning().active()) {
      throw new IllegalArgumentException(
          "a block diffusion network that is told the time cannot keep finished blocks;"
              + " time_conditioning must be false");
    }
    this.network = network;
    this.generator = Generator.of(network, tokenizer);
  }

  @Override
  public Optional<Generator> blockwise() {
    return Optional.of(generator);
  }

  @Override
  public int contextLength() {
    return LONGEST;
  }

  @Override
  public Tokenizer tokenizer() {
    return generator.tokenizer();
  }

  @Override
  public Precision precision() {
    return network.precision();
  }

  @Override
  public DecodeSettings defaults() {
    return new DecodeSettings(
        Math.min(64, Math.max(1, network.config().contextLength() / 2)),
        network.config().blockSize(),
        new FixedTokensPerStep(1),
        CacheKind.BLOCK,
        1,
        0.9,
        0,
        List.of());
  }

  @Override
  public List<Algorithm> algorithms() {
    return List.of(Algorithm.even("ancestral"));
  }

  @Override
  public DecodeSettings plain(DecodeSettings settings) {
    return settings.withPolicy(new FixedTokensPerStep(1)).withCache(CacheKind.NONE);
  }

  @Override
  public void check(DecodeSettings settings) {
    if (!sampled(settings)) {
      generator.check(settings);
      return;
    }
    DecodeSettingException.check(
        settings.cache() == CacheKind.NONE || settings.cache() == CacheKind.BLOCK,
        "cache",
        "NONE or BLOCK for a block-causal model",
        settings.cache());
    DecodeSettingException.check(
        settings.guidance() == 0, "guidance", "0 for ancestral steps", settings.guidance());
    DecodeSettingException.check(
        settings.topK() == 0, "topK", "0 for ancestral steps", settings.topK());
    DecodeSettingException.check(
        settings.blockSize() <= network.config().contextLength(),
        "blockSize",
        "at most the model's " + network.config().contextLength() + " tokens",
        settings.blockSize());
  }

  /** At temperature 0 nothing is sampled: the most confident tokens go first. */
  private static boolean sampled(DecodeSettings settings) {
    return settings.policy() instanceof FixedTokensPerStep && settings.temperature() > 0;
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    check(settings);
    Canvas begun = withBegin(canvas);
    if (!(settings.policy() instanceof FixedTokensPerStep(int tokens)) || !sampled(settings)) {
      return generator.start(begun, settings, sequence);
    }
    KeyedRandom random = KeyedRandom.of(settings.seed()).split("decoding").split(sequence);
    BlockReveal reveal =
        tokens == 1
            ? new BlockReveal.FirstHitting()
            : new BlockReveal.Ancestral(
                new BlockNoise.Linear()::maskProbability,
                Math.ceilDiv(settings.blockSize(), tokens),
                BlockReveal.Grid.EVEN);
    return start(begun, settings, reveal, Draws.keyed(random));
  }

  /** Begins to fill a canvas by the model's own sampler. */
  ReverseBlockDenoising start(
      Canvas canvas, DecodeSettings settings, BlockReveal reveal, Draws draws) {
    StopRules stops = new StopRules(tokenizer().endOfText(), false);
    CleanToken distribution =
        new CleanToken(
            network.config().maskId(), settings.temperature(), new Nucleus(settings.topP()));
    return ReverseBlockDenoising.start(
        withoutEnd(network.config()),
        canvas,
        settings,
        tokenizer(),
        offset -> window(settings, offset),
        new ReverseBlockDenoising.Rule(reveal, distribution, text -> stops.check(text).stop()),
        draws);
  }

  private WindowCache window(DecodeSettings settings, int offset) {
    int size = settings.blockSize();
    int length = network.config().contextLength() / size * size;
    return new WindowCache(network, size, length, offset, settings.cache() == CacheKind.BLOCK);
  }

  /** Texts begin with the end of the one before them, in training too. */
  private Canvas withBegin(Canvas canvas) {
    boolean empty = canvas instanceof Canvas.Completion(int[] prompt) && prompt.length == 0;
    int begin = tokenizer().endOfText();
    return empty && begin >= 0 ? Canvas.completion(begin) : canvas;
  }

  /** The same shape for planning: positions count within a window, so there are always enough. */
  static BackboneConfig withoutEnd(BackboneConfig c) {
    return new BackboneConfig(
        c.names(),
        c.vocabulary(),
        c.layers(),
        c.width(),
        c.attention(),
        c.feedForward(),
        LONGEST,
        c.norm(),
        c.normEpsilon(),
        c.activation(),
        c.rotary(),
        c.tiedEmbeddings(),
        c.decoding(),
        c.conditioning());
  }

  @Override
  public void close() {
    generator.close();
  }
}
