package dev.unmask.lm.decoding;

import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import java.util.List;
import java.util.Optional;

/** A model ready to fill canvases, of whatever family. Engine thread only, from open to close. */
public interface DiffusionModel extends AutoCloseable {
  /** Most tokens that prompt, answer and suffix may have together. */
  int contextLength();

  Tokenizer tokenizer();

  /** Number type of the weights in use. */
  Precision precision();

  /** Settings that suit the model. */
  DecodeSettings defaults();

  /** What a request may name to decide what a step unmasks; the first goes by steps alone. */
  List<Algorithm> algorithms();

  /** The baseline: one token a forward pass, and the whole canvas computed each time. */
  DecodeSettings plain(DecodeSettings settings);

  /**
   * Checks what {@link #start} would refuse of the settings, whatever the canvas.
   *
   * @throws DecodeSettingException naming the first setting that does not suit the model
   */
  void check(DecodeSettings settings);

  /**
   * Begins to fill a canvas.
   *
   * @param sequence tells several answers to one canvas apart; part of the key of all draws
   * @return closed by the caller
   * @throws DecodeSettingException if the canvas does not fit the model's context, holds a token
   *     the model has not, or a setting does not suit the model
   */
  Denoising start(Canvas canvas, DecodeSettings settings, long sequence);

  /** Begins to fill a canvas, as sequence 0. */
  default Denoising start(Canvas canvas, DecodeSettings settings) {
    return start(canvas, settings, 0);
  }

  /**
   * The network by which texts are scored block by block, still owned by the model; empty for a
   * family that has no such score.
   */
  default Optional<Generator> blockwise() {
    return Optional.empty();
  }

  @Override
  void close();
}
