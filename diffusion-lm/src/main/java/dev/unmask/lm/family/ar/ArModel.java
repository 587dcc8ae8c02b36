package dev.unmask.lm.family.ar;

import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import java.util.List;
import java.util.Optional;

/**
 * A model that writes from left to right, one token a forward pass; temperature 0 is greedy. Every
 * policy comes to the same, because a block has one token. Engine thread only.
 */
final class ArModel implements DiffusionModel {
  private final Generator generator;

  /**
   * @param generator of blocks of one token with shifted predictions; closed with this model
   */
  ArModel(Generator generator) {
    this.generator = generator;
  }

  /** Scores by the chain rule, token by token. */
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

  @Override
  public DecodeSettings defaults() {
    return new DecodeSettings(
        generator.defaults().maxTokens(),
        1,
        new FixedTokensPerStep(1),
        CacheKind.BLOCK,
        1,
        1,
        0,
        List.of());
  }

  @Override
  public List<Algorithm> algorithms() {
    return List.of(Algorithm.even("left_to_right"));
  }

  @Override
  public DecodeSettings plain(DecodeSettings settings) {
    return generator.plain(settings).withBlockSize(1);
  }

  @Override
  public void check(DecodeSettings settings) {
    generator.check(settings);
    DecodeSettingException.check(
        settings.blockSize() == 1,
        "blockSize",
        "1 for a model that predicts the next token",
        settings.blockSize());
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    check(settings);
    DecodeSettingException.check(
        canvas instanceof Canvas.Completion,
        "suffix",
        "empty for a model that predicts the next token: it does not see what follows",
        canvas.getClass().getSimpleName());
    return generator.start(withBegin(canvas), settings, sequence);
  }

  /** Nothing predicts a first token: texts begin with the end of the one before them. */
  private Canvas withBegin(Canvas canvas) {
    boolean empty = canvas instanceof Canvas.Completion(int[] prompt) && prompt.length == 0;
    int begin = tokenizer().endOfText();
    return empty && begin >= 0 ? Canvas.completion(begin) : canvas;
  }

  @Override
  public void close() {
    generator.close();
  }
}
