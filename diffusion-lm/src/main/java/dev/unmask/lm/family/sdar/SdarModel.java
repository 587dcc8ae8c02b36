package dev.unmask.lm.family.sdar;

import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.cache.BlockCache;
import dev.unmask.lm.cache.BlockCache.Storing;
import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.AnswerEnd;
import dev.unmask.lm.decoding.BlockAlgorithms;
import dev.unmask.lm.decoding.BlockPlan;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.policy.ConfidenceAbove;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.EvenSplit;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * SDAR (arXiv:2510.06303): blocks from left to right, each denoised under bidirectional attention
 * behind the exact cache of the finished ones. Engine thread only.
 */
public final class SdarModel implements DiffusionModel {
  private static final double THRESHOLD = 0.85;

  private static final List<Algorithm> ALGORITHMS =
      List.of(
          BlockAlgorithms.spread("low_confidence_static", new FixedTokensPerStep(1)),
          BlockAlgorithms.bounded("low_confidence_dynamic", THRESHOLD, ConfidenceAbove::new),
          BlockAlgorithms.ENTROPY_BOUNDED,
          BlockAlgorithms.SEQUENTIAL);

  private final Generator generator;
  private final Set<Integer> ends;
  private final Compat compat;

  /** How closely the published loop is followed. */
  public enum Compat {
    /** As many tokens as asked for, blocks stored alongside, over as soon as the answer ends. */
    CLEAN,
    /**
     * The published {@code generate.py}: whole blocks even beyond the length asked for, a forward
     * pass of its own to store each, an end looked for only between blocks.
     */
    PUBLISHED
  }

  private SdarModel(Generator generator, Set<Integer> ends, Compat compat) {
    this.generator = generator;
    this.ends = Set.copyOf(ends);
    this.compat = compat;
  }

  /**
   * A model over parts at hand.
   *
   * @param backbone block-causal, closed with the model
   * @param ends tokens that end an answer
   */
  public static SdarModel of(
      Backbone backbone, Tokenizer tokenizer, Set<Integer> ends, Compat compat) {
    AnswerEnd end = new AnswerEnd(ends, compat == Compat.PUBLISHED);
    return new SdarModel(Generator.of(backbone, tokenizer, end), ends, compat);
  }

  /** The same model with other tokens ending an answer; only one of the two is closed. */
  SdarModel endingAt(Set<Integer> tokens) {
    return new SdarModel(generator, tokens, compat);
  }

  @Override
  public Optional<Generator> blockwise() {
    return Optional.of(generator);
  }

  @Override
  public int contextLength() {
    return generator.contextLength();
  }

  @Override
  public Tokenizer tokenizer() {
    return generator.tokenizer();
  }

  @Override
  public Precision precision() {
    return generator.precision();
  }

  /** The dynamic strategy at threshold 0.85, as many steps as a block has tokens, temperature 1. */
  @Override
  public DecodeSettings defaults() {
    int blockSize = generator.config().blockSize();
    return new DecodeSettings(
        Math.min(128, Math.max(1, contextLength() / 2)),
        blockSize,
        new EvenSplit(new ConfidenceAbove(THRESHOLD), blockSize),
        CacheKind.BLOCK,
        1,
        1,
        0,
        List.of());
  }

  @Override
  public List<Algorithm> algorithms() {
    return ALGORITHMS;
  }

  @Override
  public DecodeSettings plain(DecodeSettings settings) {
    return generator.plain(settings);
  }

  @Override
  public void check(DecodeSettings settings) {
    generator.check(settings);
    DecodeSettingException.check(
        compat == Compat.CLEAN || settings.cache() == CacheKind.BLOCK,
        "cache",
        "BLOCK for the published loop",
        settings.cache());
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    check(settings);
    if (compat == Compat.CLEAN) {
      return generator.start(canvas, settings, sequence);
    }
    DecodeSettings whole =
        canvas instanceof Canvas.Completion completion
            ? toWholeBlocks(completion.prompt().length, settings)
            : settings;
    BackboneConfig config = generator.config();
    BlockPlan plan = BlockPlan.of(config, canvas, whole);
    BlockCache cache =
        new BlockCache(
            generator.backbone(), settings.blockSize(), plan.positionOffset(), Storing.APART);
    return generator.start(plan, cache, whole, new AnswerEnd(ends, true), sequence);
  }

  private static DecodeSettings toWholeBlocks(int prompt, DecodeSettings settings) {
    int size = settings.blockSize();
    int length = (prompt + settings.maxTokens() + size - 1) / size * size;
    return settings.withMaxTokens(length - prompt);
  }

  @Override
  public void close() {
    generator.close();
  }
}
