package dev.unmask.lm.family.mdlm;

import dev.unmask.lm.backbone.DiffusionTransformer;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.ReverseDenoising;
import dev.unmask.lm.decoding.TimeGrid;
import dev.unmask.lm.decoding.WindowedDenoising;
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
 * An MDLM model ready to fill canvases. A fixed number of tokens a step means its own ancestral
 * sampler, with as many steps as fill that many tokens each on average; a network that is not told
 * the time decodes by every other policy as any mask predictor does. A completion longer than the
 * context is filled window by window.
 */
final class MdlmModel implements DiffusionModel, ScoresTexts {
  private final DiffusionTransformer network;
  private final Generator generator;

  MdlmModel(DiffusionTransformer network, Tokenizer tokenizer) {
    this.network = network;
    this.generator = Generator.of(network, tokenizer);
  }

  /** Its training bound where it is told the time, otherwise those of any mask predictor. */
  @Override
  public Map<Estimator, TextScorer> scorers() {
    return toldTheTime()
        ? Map.of(Estimator.ELBO, Scorers.ofObjective(network, new Nelbo()))
        : Scorers.ofMaskPredictor(generator);
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
    return List.of(Algorithm.even("ancestral"));
  }

  @Override
  public DecodeSettings plain(DecodeSettings settings) {
    return generator.plain(settings);
  }

  @Override
  public void check(DecodeSettings settings) {
    if (!(settings.policy() instanceof FixedTokensPerStep)) {
      DecodeSettingException.check(
          !toldTheTime(),
          "policy",
          "a fixed number of tokens a step for a network that is told the time",
          settings.policy());
      generator.check(settings);
      return;
    }
    DecodeSettingException.check(
        settings.cache() == CacheKind.NONE,
        "cache",
        "NONE for the ancestral sampler",
        settings.cache());
    DecodeSettingException.check(
        settings.guidance() == 0, "guidance", "0 for the ancestral sampler", settings.guidance());
    DecodeSettingException.check(
        settings.topK() == 0, "topK", "0 for the ancestral sampler", settings.topK());
    DecodeSettingException.check(
        settings.temperature() > 0,
        "temperature",
        "above 0 for the ancestral sampler",
        settings.temperature());
    DecodeSettingException.check(
        settings.topP() == 1, "topP", "1 for the ancestral sampler", settings.topP());
  }

  private boolean toldTheTime() {
    return network.config().conditioning().active();
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    check(settings);
    if (!(settings.policy() instanceof FixedTokensPerStep(int tokens))) {
      return generator.start(canvas, settings, sequence);
    }
    KeyedRandom random = KeyedRandom.of(settings.seed()).split("decoding").split(sequence);
    if (canvas instanceof Canvas.Completion(int[] prompt)
        && prompt.length + settings.maxTokens() > contextLength()) {
      return WindowedDenoising.start(
          (window, index) -> ancestral(window, settings, tokens, random.split(index)),
          tokenizer(),
          settings,
          prompt,
          contextLength(),
          Math.max(1, contextLength() / 2),
          network.config().maskId());
    }
    return ancestral(canvas, settings, tokens, random);
  }

  private Denoising ancestral(
      Canvas canvas, DecodeSettings settings, int tokensPerStep, KeyedRandom random) {
    int open =
        canvas instanceof Canvas.Template template
            ? template.masked().cardinality()
            : settings.maxTokens();
    TimeGrid grid = new TimeGrid(new NoiseSchedule.LogLinear(), Math.ceilDiv(open, tokensPerStep));
    return ReverseDenoising.start(
        network.config(),
        canvas,
        settings,
        tokenizer(),
        ReverseDenoising.Network.of(network),
        new MdlmRule(
            grid,
            network.config().maskId(),
            MdlmRule.Sampler.ANCESTRAL,
            settings.temperature(),
            !toldTheTime()),
        ReverseDenoising.Draws.keyed(random));
  }

  @Override
  public void close() {
    generator.close();
  }
}
