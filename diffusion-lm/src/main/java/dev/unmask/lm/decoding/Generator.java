package dev.unmask.lm.decoding;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.cache.BlockCache;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.cache.NoCache;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A model ready to fill canvases: backbone, tokenizer and sampler. Engine thread only, from {@link
 * #open} to {@link #close}.
 */
public final class Generator implements DiffusionModel {
  private static final int FULL_ATTENTION_BLOCK = 32;

  private final Backbone backbone;
  private final Tokenizer tokenizer;
  private final TokenSampler sampler;
  private final AnswerEnd end;

  private Generator(Backbone backbone, Tokenizer tokenizer, AnswerEnd end) {
    this.backbone = backbone;
    this.end = end;
    this.tokenizer = tokenizer;
    this.sampler = TokenSampler.of(backbone.config().vocabulary(), tokenizer.endOfText());
  }

  /**
   * Loads a model directory: {@code config.json}, {@code model.safetensors}, {@code
   * tokenizer.json}.
   *
   * @throws IllegalArgumentException if its parts do not fit together, naming which
   * @throws dev.unmask.lm.checkpoint.SafetensorsException if the weights are damaged
   */
  public static Generator open(Path modelDirectory, PrecisionChoice precision) {
    Tokenizer tokenizer = Tokenizers.load(modelDirectory);
    Backbone backbone = BackboneLoader.load(modelDirectory, precision);
    try {
      return of(backbone, tokenizer);
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
  }

  /**
   * A generator over parts at hand.
   *
   * @param backbone closed with the generator
   * @throws IllegalArgumentException if the tokenizer's mask id is not the backbone's, or the
   *     backbone predicts the next token instead of masked ones
   */
  public static Generator of(Backbone backbone, Tokenizer tokenizer) {
    return of(backbone, tokenizer, AnswerEnd.of(tokenizer));
  }

  /** As {@link #of(Backbone, Tokenizer)}, answers ending at other tokens. */
  public static Generator of(Backbone backbone, Tokenizer tokenizer, AnswerEnd end) {
    BackboneConfig config = backbone.config();
    if (config.vocabulary().hasMask() && tokenizer.maskId() != config.maskId()) {
      throw new IllegalArgumentException(
          "tokenizer has mask id %d, the model's is %d"
              .formatted(tokenizer.maskId(), config.maskId()));
    }
    if (config.layout() == Layout.CAUSAL) {
      throw new IllegalArgumentException(
          "the model predicts the next token only; convert it to block diffusion to decode it");
    }
    return new Generator(backbone, tokenizer, end);
  }

  public BackboneConfig config() {
    return backbone.config();
  }

  @Override
  public Optional<Generator> blockwise() {
    return Optional.of(this);
  }

  @Override
  public int contextLength() {
    return config().contextLength();
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public Precision precision() {
    return backbone.precision();
  }

  /** The network, for scoring; still owned by the generator. */
  public Backbone backbone() {
    return backbone;
  }

  /** The sampler, for scoring; still owned by the generator. */
  public TokenSampler sampler() {
    return sampler;
  }

  /** Its block size, its cache, confidence threshold 0.9. */
  @Override
  public DecodeSettings defaults() {
    boolean blocks = config().layout() == Layout.BLOCK_CAUSAL;
    return new DecodeSettings(
        Math.min(64, Math.max(1, config().contextLength() / 2)),
        blocks ? config().blockSize() : Math.min(FULL_ATTENTION_BLOCK, config().contextLength()),
        new ConfidenceThreshold(0.9),
        blocks ? CacheKind.BLOCK : CacheKind.DUAL,
        0.8,
        1,
        0,
        List.of());
  }

  @Override
  public List<Algorithm> algorithms() {
    return BlockAlgorithms.ALL;
  }

  /** One token a forward pass, the most confident of the block. */
  @Override
  public DecodeSettings plain(DecodeSettings settings) {
    return settings.withPolicy(new FixedTokensPerStep(1)).withCache(CacheKind.NONE);
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    check(settings);
    BlockPlan plan = BlockPlan.of(config(), canvas, settings);
    KvCache cache = cache(settings, plan);
    return start(plan, cache, settings, end, sequence);
  }

  /**
   * Begins to fill a canvas along a plan of the caller's, for families with blocks or caches of
   * their own.
   *
   * @param cache of this canvas alone, closed with the denoising
   */
  public Denoising start(
      BlockPlan plan, KvCache cache, DecodeSettings settings, AnswerEnd ending, long sequence) {
    KeyedRandom random = KeyedRandom.of(settings.seed()).split("decoding").split(sequence);
    return new BlockDenoising(sampler, cache, tokenizer, settings, plan, ending, random);
  }

  @Override
  public void check(DecodeSettings settings) {
    CacheKind kind = settings.cache();
    boolean blocks = config().layout() == Layout.BLOCK_CAUSAL;
    boolean suits =
        switch (kind) {
          case NONE -> true;
          case BLOCK -> blocks;
          case PREFIX, DUAL -> !blocks;
        };
    DecodeSettingException.check(
        suits,
        "cache",
        blocks
            ? "NONE or BLOCK for a block-causal model"
            : "NONE, PREFIX or DUAL for a full-attention model",
        kind);
    DecodeSettingException.check(
        !blocks || settings.guidance() == 0,
        "guidance",
        "0 for a block-causal model",
        settings.guidance());
  }

  private KvCache cache(DecodeSettings settings, BlockPlan plan) {
    if (config().layout() == Layout.FULL) {
      BitSet given = (BitSet) plan.masked().clone();
      given.flip(0, plan.ids().length);
      return FullAttentionCaches.of(backbone, settings.cache(), given, settings.guidance());
    }
    return settings.cache() == CacheKind.BLOCK
        ? new BlockCache(backbone, settings.blockSize(), plan.positionOffset())
        : new NoCache(
            backbone, new AttentionLayout.BlockCausal(settings.blockSize()), plan.positionOffset());
  }

  @Override
  public void close() {
    sampler.close();
    backbone.close();
  }
}
