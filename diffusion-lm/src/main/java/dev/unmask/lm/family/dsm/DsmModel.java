package dev.unmask.lm.family.dsm;

import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.RefiningDenoising;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import java.util.List;

/**
 * A score network of text ready to fill canvases. A fixed number of tokens a step gives the number
 * of forward passes; temperature 0 follows the probability flow, any other samples ancestrally with
 * noise scaled by it. Tokens appear all at once, after the last pass.
 */
final class DsmModel implements DiffusionModel {
  private final ScoreTransformer network;
  private final Tokenizer tokenizer;

  /**
   * @param network closed with the model
   */
  DsmModel(ScoreTransformer network, Tokenizer tokenizer) {
    if (tokenizer.maskId() != network.config().maskId()) {
      throw new IllegalArgumentException(
          "tokenizer has mask id %d, the model's is %d"
              .formatted(tokenizer.maskId(), network.config().maskId()));
    }
    this.network = network;
    this.tokenizer = tokenizer;
  }

  @Override
  public int contextLength() {
    return network.config().contextLength();
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public Precision precision() {
    return Precision.F32;
  }

  @Override
  public DecodeSettings defaults() {
    int tokens = Math.min(64, Math.max(1, contextLength() / 2));
    return new DecodeSettings(
        tokens, tokens, new FixedTokensPerStep(1), CacheKind.NONE, 1, 1, 0, List.of());
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
    DecodeSettingException.check(
        settings.policy() instanceof FixedTokensPerStep,
        "policy",
        "a fixed number of tokens a step: continuous diffusion commits all tokens at the end",
        settings.policy());
    DecodeSettingException.check(
        settings.cache() == CacheKind.NONE,
        "cache",
        "NONE: every embedding changes in every pass",
        settings.cache());
    DecodeSettingException.check(
        settings.guidance() == 0, "guidance", "0 for continuous diffusion", settings.guidance());
    DecodeSettingException.check(
        settings.topK() == 0, "topK", "0 for continuous diffusion", settings.topK());
    DecodeSettingException.check(
        settings.topP() == 1, "topP", "1 for continuous diffusion", settings.topP());
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    check(settings);
    int perStep = settings.policy() instanceof FixedTokensPerStep(int tokens) ? tokens : 1;
    int steps = Math.ceilDiv(settings.maxTokens(), perStep);
    TextSampler sampler =
        settings.temperature() == 0
            ? new TextSampler.Flow(steps)
            : new TextSampler.Ancestral(steps, settings.temperature());
    return start(canvas, settings, sequence, sampler);
  }

  /** Begins to fill a canvas by any sampler. */
  Denoising start(Canvas canvas, DecodeSettings settings, long sequence, TextSampler sampler) {
    KeyedRandom random = KeyedRandom.of(settings.seed()).split("decoding").split(sequence);
    return RefiningDenoising.start(
        network.config().canvasShape(),
        canvas,
        settings,
        tokenizer,
        (ids, open, mayEnd) ->
            new TextRefinement(
                network, sampler, ids, open, mayEnd ? -1 : tokenizer.endOfText(), random));
  }

  /** Clean embeddings of a text, where {@link #score} starts from. */
  double[] embed(String text) {
    return network.embed(tokenizer.encode(text));
  }

  /** The network's score of noisy embeddings. */
  ScoreFunction score() {
    return network.score();
  }

  @Override
  public void close() {
    network.close();
  }
}
