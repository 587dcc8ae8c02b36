package dev.unmask.inference.engine;

import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;

/**
 * A model in memory, as the engine drives it. Its description and tokenizer may be used by any
 * thread; {@link #start}, {@link #score} and {@link #close} belong to the engine thread.
 */
public interface LanguageModel extends AutoCloseable {
  /** Most tokens that prompt, answer and suffix may have together. */
  int contextLength();

  /** Number of token ids that a prompt may hold; the mask id is not among them. */
  int vocabularySize();

  int maskId();

  int endOfText();

  int[] encode(String text);

  /** The UTF-8 bytes of the tokens; a single token may end inside a character. */
  byte[] decodeBytes(int[] tokens);

  /** What the model's directory recommends. */
  DecodeSettings defaults();

  /**
   * Begins to fill the canvas.
   *
   * @throws dev.unmask.lm.decoding.DecodeSettingException when model and settings do not fit
   */
  Denoising start(Canvas canvas, DecodeSettings settings);

  /**
   * Tells before a request is queued what {@link #start} would refuse; any thread.
   *
   * @throws dev.unmask.lm.decoding.DecodeSettingException naming the setting
   */
  void check(DecodeSettings settings);

  /**
   * Mean negative log-likelihood of {@code tokens[from..]} in nats per token, block by block.
   *
   * @param from first scored token
   */
  double score(int[] tokens, int from);

  @Override
  void close();
}
