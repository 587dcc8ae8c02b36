package dev.unmask.lm.family.sedd;

import dev.unmask.lm.backbone.DiffusionTransformer;
import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.ReverseDenoising;
import dev.unmask.lm.decoding.TimeGrid;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.evaluation.Estimator;
import dev.unmask.lm.evaluation.Scorers;
import dev.unmask.lm.evaluation.ScoresTexts;
import dev.unmask.lm.evaluation.TextScorer;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import java.util.List;
import java.util.Map;

/**
 * A SEDD model ready to fill canvases with its analytic predictor. The policy says how many tokens
 * a step fills on average: as many steps as that takes lie between time 1 and 0.
 */
final class SeddModel implements DiffusionModel, ScoresTexts {
  private final SeddConfig config;
  private final DiffusionTransformer network;
  private final Tokenizer tokenizer;

  SeddModel(SeddConfig config, DiffusionTransformer network, Tokenizer tokenizer) {
    this.config = config;
    this.network = network;
    this.tokenizer = tokenizer;
  }

  /** Its training bound. */
  @Override
  public Map<Estimator, TextScorer> scorers() {
    ScoreEntropy bound =
        new ScoreEntropy(config.graph(), config.schedule(), config.scaledByNoise());
    return Map.of(Estimator.ELBO, Scorers.ofObjective(network, bound));
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
    return network.precision();
  }

  @Override
  public DecodeSettings defaults() {
    return new DecodeSettings(
        Math.min(64, Math.max(1, contextLength() / 2)),
        1,
        new FixedTokensPerStep(1),
        CacheKind.NONE,
        1,
        1,
        0,
        List.of());
  }

  @Override
  public List<Algorithm> algorithms() {
    return List.of(Algorithm.even("analytic"));
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
        "a fixed number of tokens a step",
        settings.policy());
    DecodeSettingException.check(
        settings.cache() == CacheKind.NONE,
        "cache",
        "NONE for a network that is told the noise level",
        settings.cache());
    DecodeSettingException.check(
        settings.guidance() == 0, "guidance", "0 for score entropy", settings.guidance());
    DecodeSettingException.check(
        settings.topK() == 0, "topK", "0 for score entropy", settings.topK());
    DecodeSettingException.check(
        settings.temperature() == 1, "temperature", "1 for score entropy", settings.temperature());
    DecodeSettingException.check(
        settings.topP() == 1, "topP", "1 for score entropy", settings.topP());
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    check(settings);
    int tokens = ((FixedTokensPerStep) settings.policy()).tokens();
    TimeGrid grid = new TimeGrid(config.schedule(), Math.ceilDiv(settings.maxTokens(), tokens));
    KeyedRandom random = KeyedRandom.of(settings.seed()).split("decoding").split(sequence);
    return ReverseDenoising.start(
        network.config(),
        canvas,
        settings,
        tokenizer,
        ReverseDenoising.Network.of(network),
        new SeddRule(config, grid, SeddRule.Predictor.ANALYTIC),
        ReverseDenoising.Draws.keyed(random));
  }

  @Override
  public void close() {
    network.close();
  }
}
