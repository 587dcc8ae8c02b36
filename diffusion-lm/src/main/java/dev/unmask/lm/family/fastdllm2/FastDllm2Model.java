package dev.unmask.lm.family.fastdllm2;

import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.cache.BlockCache.Storing;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.cache.NoCache;
import dev.unmask.lm.cache.SubBlockCache;
import dev.unmask.lm.cache.SubBlockCache.Sizes;
import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.AnswerEnd;
import dev.unmask.lm.decoding.BlockPlan;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.Lockstep;
import dev.unmask.lm.decoding.policy.ConfidenceAbove;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Fast-dLLM v2 (arXiv:2509.26328): block-causal, predictions one row to the left. The block size of
 * the settings is that of the sub-blocks; the blocks of the cache are those of the training. The
 * first token of a block comes with the pass that stores the block before it. Engine thread only.
 */
public final class FastDllm2Model implements DiffusionModel {
  private static final int SUB_BLOCK = 8;
  private static final double THRESHOLD = 0.9;

  private final Generator generator;
  private final AnswerEnd end;
  private final Compat compat;

  /** How closely the published loop is followed. */
  public enum Compat {
    /** As many tokens as asked for, the prompt stored alongside the first denoising step. */
    CLEAN,
    /**
     * The published {@code generate}: the length counts in whole blocks of which the prompt's tail
     * is the first, one token comes on top, and the prompt is stored by a pass of its own.
     */
    PUBLISHED
  }

  private FastDllm2Model(Generator generator, AnswerEnd end, Compat compat) {
    this.generator = generator;
    this.end = end;
    this.compat = compat;
  }

  /**
   * A model over parts at hand.
   *
   * @param backbone block-causal with shifted predictions, closed with the model
   * @param ends tokens that end an answer
   */
  public static FastDllm2Model of(
      Backbone backbone, Tokenizer tokenizer, Set<Integer> ends, Compat compat) {
    AnswerEnd end = new AnswerEnd(ends, false);
    return new FastDllm2Model(Generator.of(backbone, tokenizer, end), end, compat);
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

  /** The exact cache, sub-blocks of 8, threshold 0.9, greedy. */
  @Override
  public DecodeSettings defaults() {
    int block = generator.config().blockSize();
    return new DecodeSettings(
        Math.min(64, Math.max(1, contextLength() / 2)),
        block % SUB_BLOCK == 0 ? SUB_BLOCK : block,
        new ConfidenceAbove(THRESHOLD),
        CacheKind.BLOCK,
        0,
        0.95,
        0,
        List.of());
  }

  @Override
  public List<Algorithm> algorithms() {
    return generator.algorithms();
  }

  @Override
  public DecodeSettings plain(DecodeSettings settings) {
    return generator.plain(settings);
  }

  @Override
  public void check(DecodeSettings settings) {
    int block = generator.config().blockSize();
    DecodeSettingException.check(
        block % settings.blockSize() == 0,
        "blockSize",
        "a divisor of the model's block size " + block,
        settings.blockSize());
    DecodeSettingException.check(
        settings.cache() != CacheKind.PREFIX,
        "cache",
        "NONE, BLOCK, or DUAL (blocks and sub-blocks) for Fast-dLLM v2",
        settings.cache());
    DecodeSettingException.check(
        settings.guidance() == 0, "guidance", "0 for a block-causal model", settings.guidance());
  }

  /**
   * Begins to continue several prompts in joint passes. The published loop fills all of them up to
   * the same block, counted from the longest prompt.
   *
   * @return closed by the caller
   */
  public Lockstep start(List<int[]> prompts, DecodeSettings settings) {
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    int size = generator.config().blockSize();
    List<Denoising> canvases = new ArrayList<>();
    for (int[] prompt : prompts) {
      int more = compat == Compat.PUBLISHED ? longest / size - prompt.length / size : 0;
      DecodeSettings own = settings.withMaxTokens(settings.maxTokens() + more * size);
      canvases.add(start(Canvas.completion(prompt), own, canvases.size()));
    }
    return new Lockstep(canvases);
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    check(settings);
    Sizes sizes = new Sizes(generator.config().blockSize(), settings.blockSize());
    DecodeSettings length =
        compat == Compat.PUBLISHED && canvas instanceof Canvas.Completion(int[] prompt)
            ? publishedLength(prompt.length, settings)
            : settings;
    BlockPlan blocks =
        BlockPlan.inPlace(generator.config(), canvas, length.withBlockSize(sizes.block()));
    BlockPlan plan = SubBlocks.of(generator.config(), blocks, sizes);
    return generator.start(plan, cache(settings.cache(), sizes), length, end, sequence);
  }

  private DecodeSettings publishedLength(int prompt, DecodeSettings settings) {
    int size = generator.config().blockSize();
    int blocks = settings.maxTokens() / size;
    DecodeSettingException.check(
        blocks > 0, "maxTokens", "at least a block of " + size, settings.maxTokens());
    return settings.withMaxTokens((prompt / size + blocks) * size + 1 - prompt);
  }

  private KvCache cache(CacheKind kind, Sizes sizes) {
    Backbone backbone = generator.backbone();
    Storing prompt = compat == Compat.PUBLISHED ? Storing.APART : Storing.ALONGSIDE;
    return kind == CacheKind.NONE
        ? new NoCache(backbone, new BlockCausal(sizes.block()), 0)
        : new SubBlockCache(backbone, sizes, kind == CacheKind.DUAL, prompt);
  }

  @Override
  public void close() {
    generator.close();
  }
}
