package dev.unmask.lm.family.llada;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.FilteredSampler;
import dev.unmask.lm.decoding.FilteredSampler.Filter;
import dev.unmask.lm.decoding.FullAttentionCaches;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.OpenCanvas;
import dev.unmask.lm.decoding.RaddSampler;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.family.llada.EvenQuota.Remasking;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** A LLaDA checkpoint ready to fill canvases. Engine thread only. */
public final class LladaModel implements DiffusionModel {
  private static final List<Algorithm> ALGORITHMS =
      List.of(
          remasking("low_confidence", Remasking.LOW_CONFIDENCE),
          remasking("random", Remasking.RANDOM));

  private final Generator generator;
  private final FilteredSampler sampler;

  /**
   * @param generator over the network and the tokenizer; closed with this model
   */
  LladaModel(Generator generator) {
    BackboneConfig config = generator.config();
    this.generator = generator;
    this.sampler =
        FilteredSampler.of(
            config.vocabularySize(), config.maskId(), generator.tokenizer().endOfText());
  }

  /** The network and its tokenizer, for scoring; still owned by the model. */
  public Generator generator() {
    return generator;
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

  /** Fast-dLLM's: blocks of 32, dual cache, confidence threshold 0.9, temperature 0. */
  @Override
  public DecodeSettings defaults() {
    return generator.defaults().withSampling(0, 1);
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
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    return start(canvas, settings, LladaDecoding.plain(), sequence);
  }

  /** As {@link #start(Canvas, DecodeSettings, long)} in one of LLaDA's own ways. */
  public Denoising start(
      Canvas canvas, DecodeSettings settings, LladaDecoding decoding, long sequence) {
    KeyedRandom random = KeyedRandom.of(settings.seed()).split("decoding").split(sequence);
    return start(canvas, settings, decoding, RaddSampler.Uniforms.keyed(random));
  }

  /** As above with the random numbers given. */
  Denoising start(
      Canvas canvas,
      DecodeSettings settings,
      LladaDecoding decoding,
      RaddSampler.Uniforms uniforms) {
    check(settings);
    OpenCanvas open =
        OpenCanvas.of(generator.config(), tokenizer(), canvas, settings, decoding.loop().end());
    DecodingPolicy policy = settings.policy();
    LladaDraw draw =
        new LladaDraw(
            sampler,
            new Filter(settings.temperature(), settings.topP(), settings.topK()),
            decoding.lateEnd(),
            policy instanceof EvenQuota quota ? quota.remasking() : Remasking.LOW_CONFIDENCE,
            uniforms);
    KvCache network =
        FullAttentionCaches.of(
            generator.backbone(), settings.cache(), given(open), settings.guidance());
    return new LladaDenoising(open, network, draw, policy, decoding.loop());
  }

  private static Algorithm remasking(String name, Remasking remasking) {
    return Algorithm.bySteps(
        name,
        (settings, steps) -> new EvenQuota(Algorithm.ofEachBlock(settings, steps), remasking));
  }

  private static BitSet given(OpenCanvas open) {
    BitSet given = open.masked();
    given.flip(0, open.ids().length);
    return given;
  }

  @Override
  public void close() {
    sampler.close();
    generator.close();
  }
}
