package dev.unmask.lm.decoding;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.decoding.FilteredSampler.Filter;
import dev.unmask.lm.decoding.FilteredSampler.Scoring;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.RevealPolicy;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A full-attention model that decodes either in blocks, as a {@link Generator}, or, under a {@link
 * RevealPolicy}, over the whole canvas at once. Engine thread only.
 */
public final class CanvasModel implements DiffusionModel {
  private final Generator blocks;
  private final FilteredSampler sampler;
  private final Scoring scoring;
  private final List<Algorithm> algorithms;

  /**
   * @param blocks closed with this model
   * @param scoring how tokens drawn over the whole canvas are scored
   * @param wholeCanvas what decodes the whole canvas at once; a name of the blocks' ones replaces
   *     it
   */
  public CanvasModel(Generator blocks, Scoring scoring, List<Algorithm> wholeCanvas) {
    BackboneConfig config = blocks.config();
    this.blocks = blocks;
    this.scoring = scoring;
    this.algorithms = withNames(blocks.algorithms(), wholeCanvas);
    this.sampler =
        FilteredSampler.of(
            config.vocabularySize(), config.maskId(), blocks.tokenizer().endOfText());
  }

  private static List<Algorithm> withNames(List<Algorithm> below, List<Algorithm> above) {
    Map<String, Algorithm> named = new LinkedHashMap<>();
    below.forEach(algorithm -> named.put(algorithm.name(), algorithm));
    above.forEach(algorithm -> named.put(algorithm.name(), algorithm));
    return List.copyOf(named.values());
  }

  @Override
  public List<Algorithm> algorithms() {
    return algorithms;
  }

  /** The model decoding in blocks, also for scoring; still owned by this one. */
  public Generator blocks() {
    return blocks;
  }

  @Override
  public Optional<Generator> blockwise() {
    return Optional.of(blocks);
  }

  @Override
  public int contextLength() {
    return blocks.contextLength();
  }

  @Override
  public Tokenizer tokenizer() {
    return blocks.tokenizer();
  }

  @Override
  public Precision precision() {
    return blocks.precision();
  }

  @Override
  public DecodeSettings defaults() {
    return blocks.defaults();
  }

  @Override
  public DecodeSettings plain(DecodeSettings settings) {
    return blocks.plain(settings);
  }

  @Override
  public void check(DecodeSettings settings) {
    blocks.check(settings);
    DecodeSettingException.check(
        !(settings.policy() instanceof RevealPolicy) || settings.cache() == CacheKind.NONE,
        "cache",
        "NONE for a policy over the whole canvas",
        settings.cache());
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    check(settings);
    if (settings.policy() instanceof RevealPolicy policy) {
      KeyedRandom random = KeyedRandom.of(settings.seed()).split("decoding").split(sequence);
      OpenCanvas open = open(canvas, settings, OpenCanvas.End.STOPS);
      Filter filter = new Filter(settings.temperature(), settings.topP(), settings.topK());
      return reveal(open, policy, filter, settings.guidance(), RaddSampler.Uniforms.keyed(random));
    }
    return blocks.start(canvas, settings, sequence);
  }

  /** A canvas of this model. */
  public OpenCanvas open(Canvas canvas, DecodeSettings settings, OpenCanvas.End end) {
    return OpenCanvas.of(blocks.config(), tokenizer(), canvas, settings, end);
  }

  /** As {@link #start} under a policy over the whole canvas, with every choice and number given. */
  public Denoising reveal(
      OpenCanvas canvas,
      RevealPolicy policy,
      Filter filter,
      double guidance,
      RaddSampler.Uniforms uniforms) {
    BitSet given = canvas.masked();
    given.flip(0, canvas.ids().length);
    return new RevealDenoising(canvas, network(given, guidance), draw(filter), policy, uniforms);
  }

  /**
   * The network over a whole canvas.
   *
   * @param given positions whose tokens guidance takes away
   * @param guidance scale of classifier-free guidance, 0 for none
   */
  public KvCache network(BitSet given, double guidance) {
    return FullAttentionCaches.of(blocks.backbone(), CacheKind.NONE, given, guidance);
  }

  /** How this model draws tokens behind a filter. */
  public TokenDraw draw(Filter filter) {
    return sampler.by(filter, scoring);
  }

  @Override
  public void close() {
    sampler.close();
    blocks.close();
  }
}
