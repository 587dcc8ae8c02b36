package dev.unmask.lm.family;

import dev.unmask.lm.backbone.AttentionShape;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Activation;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.BackboneConfig.Norm;
import dev.unmask.lm.backbone.NoiseConditioning;
import dev.unmask.lm.backbone.RotaryPositions;
import dev.unmask.lm.backbone.TensorNames;
import dev.unmask.lm.backbone.Vocabulary;

/** The kinds of transformers that methods train. */
public enum NetworkKind {
  /** A Llama, whatever its attention. */
  PLAIN("a transformer without noise input", false, false, true),
  /** The network of MDLM and BD3-LM: with the layers that take the noise, which is not told. */
  CONDITIONED("a transformer with noise layers that are told nothing", true, false, true),
  /** The network of SEDD. */
  TOLD_NOISE("a transformer told the noise level", true, true, true),
  /** The network of SEDD with the uniform graph. */
  TOLD_NOISE_WITHOUT_MASK("a transformer told the noise level, without mask", true, true, false);

  private final String description;
  private final boolean conditioned;
  private final boolean told;
  private final boolean masked;

  NetworkKind(String description, boolean conditioned, boolean told, boolean masked) {
    this.description = description;
    this.conditioned = conditioned;
    this.told = told;
    this.masked = masked;
  }

  public String description() {
    return description;
  }

  /** The shape of a fresh network. */
  BackboneConfig shape(NetworkSize size) {
    int rows = size.tokens() + 1;
    return conditioned
        ? conditioned(size, masked ? Vocabulary.maskLast(rows) : Vocabulary.withoutMask(rows - 1))
        : BackboneConfig.llama(
            rows,
            size.layers(),
            size.width(),
            size.heads(),
            size.feedForward(),
            size.contextLength(),
            0);
  }

  private BackboneConfig conditioned(NetworkSize size, Vocabulary vocabulary) {
    return new BackboneConfig(
        TensorNames.DIT,
        vocabulary,
        size.layers(),
        size.width(),
        AttentionShape.multiHead(size.width(), size.heads()),
        size.feedForward(),
        size.contextLength(),
        Norm.LAYER,
        1e-5,
        Activation.GELU_TANH,
        RotaryPositions.of(10_000),
        false,
        Decoding.full(),
        new NoiseConditioning(size.width(), told));
  }

  /** Whether an earlier model is of this kind. */
  boolean fits(BackboneConfig earlier) {
    return earlier.conditioning().present() == conditioned
        && earlier.conditioning().active() == told
        && earlier.vocabulary().hasMask() == masked;
  }
}
