package dev.unmask.inference.engine;

import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.evaluation.Estimator;
import dev.unmask.lm.evaluation.TextScore;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.List;

/**
 * A model in memory, as the engine drives it. What describes it may be used by any thread; {@link
 * #start}, {@link #score} and {@link #close} belong to the engine thread.
 */
public interface LanguageModel extends AutoCloseable {
  /** Most tokens that prompt, answer and suffix may have together. */
  int contextLength();

  Tokenizer tokenizer();

  /** What suits the model when nobody says otherwise. */
  DecodeSettings defaults();

  /** What a request may name to decide what a step unmasks; the first goes by steps alone. */
  List<Algorithm> algorithms();

  /**
   * Tells before a request is queued what {@link #start} would refuse.
   *
   * @throws dev.unmask.support.error.UnmaskException naming the setting
   */
  void check(DecodeSettings settings);

  /**
   * Begins to fill the canvas.
   *
   * @param sequence tells several answers to one canvas apart
   * @throws dev.unmask.lm.decoding.policy.DecodeSettingException when model and settings do not fit
   */
  Denoising start(Canvas canvas, DecodeSettings settings, long sequence);

  /** How texts can be scored, the first when nothing is said; empty if they cannot. */
  List<Estimator> estimators();

  /** First token of a text that the model can predict. */
  int firstScored();

  /**
   * Scores {@code tokens[from..]} given what stands before them, in nats.
   *
   * @param estimator one of {@link #estimators}
   * @throws IllegalArgumentException if the tokens do not fit the model or the estimator
   */
  TextScore score(Estimator estimator, int[] tokens, int from, int draws, long seed);

  @Override
  void close();
}
