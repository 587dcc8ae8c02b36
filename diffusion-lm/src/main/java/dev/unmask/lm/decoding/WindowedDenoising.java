package dev.unmask.lm.decoding;

import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * An answer longer than the model's context, window by window: a finished window keeps its last
 * tokens as the prefix of the next, whose last {@code stride} positions are filled anew (MDLM,
 * arXiv:2406.07524, section 4.2). Engine thread only.
 */
public final class WindowedDenoising implements Denoising {

  /** Begins to fill the open positions of one window. */
  @FunctionalInterface
  public interface Window {
    /**
     * @param index of the window, from 0: part of the key of its draws
     */
    Denoising start(Canvas.Template canvas, int index);
  }

  private final Window window;
  private final AnswerText answer;
  private final int length;
  private final int stride;
  private final int[] ids;
  private final int answerFrom;
  private Denoising current;
  private int windowFrom;
  private int windowIndex;
  private int settled;
  private int nfe;
  private int filled; // tokens of the answer in earlier windows
  private double millis;

  private WindowedDenoising(
      Window window,
      Tokenizer tokenizer,
      DecodeSettings settings,
      int[] prompt,
      int length,
      int stride,
      int maskId) {
    this.window = window;
    this.answer = new AnswerText(tokenizer, AnswerEnd.of(tokenizer), settings.stop());
    this.length = length;
    this.stride = stride;
    this.ids = Arrays.copyOf(prompt, prompt.length + settings.maxTokens());
    Arrays.fill(ids, prompt.length, ids.length, maskId);
    this.answerFrom = prompt.length;
    this.settled = answerFrom;
    this.current = open(answerFrom);
  }

  /**
   * Begins to continue a prompt.
   *
   * @param length of a window: the model's context
   * @param stride tokens filled anew in each window after the first, in [1, length)
   * @param maskId what an unfilled position holds
   */
  public static WindowedDenoising start(
      Window window,
      Tokenizer tokenizer,
      DecodeSettings settings,
      int[] prompt,
      int length,
      int stride,
      int maskId) {
    DecodeSettingException.check(
        stride >= 1 && stride < length, "stride", "in [1, " + length + ")", stride);
    DecodeSettingException.check(
        prompt.length < length, "prompt", "shorter than " + length + " tokens", prompt.length);
    return new WindowedDenoising(window, tokenizer, settings, prompt, length, stride, maskId);
  }

  /** The window whose first open position is {@code from}. */
  private Denoising open(int from) {
    int to = Math.min(ids.length, windowFrom + length);
    BitSet masked = new BitSet();
    masked.set(from - windowFrom, to - windowFrom);
    int[] canvas = Arrays.copyOfRange(ids, windowFrom, to);
    return window.start(new Canvas.Template(canvas, masked), windowIndex++);
  }

  @Override
  public DenoisingStep step() {
    if (finished()) {
      throw new IllegalStateException("nothing is left to denoise");
    }
    DenoisingStep step = current.step();
    int[] canvas = current.canvas();
    System.arraycopy(canvas, 0, ids, windowFrom, canvas.length);
    List<Committed> committed = new ArrayList<>();
    for (Committed one : step.committed()) {
      committed.add(new Committed(filled + one.position(), one.token(), one.probability()));
    }
    settle(current.finished() ? windowFrom + canvas.length : windowFrom);
    int left = step.maskedLeft() + ids.length - windowFrom - canvas.length;
    if (current.finished()) {
      closeWindow();
    }
    return new DenoisingStep(nfe + current.report().nfe(), windowIndex - 1, committed, left);
  }

  private void settle(int to) {
    while (settled < to && !answer.ended()) {
      answer.append(ids[settled++]);
    }
  }

  private void closeWindow() {
    int end = Math.min(ids.length, windowFrom + length);
    if (answer.ended() || end == ids.length) {
      return;
    }
    nfe += current.report().nfe();
    millis += current.report().millis();
    current.close();
    windowFrom = Math.min(end + stride, ids.length) - length;
    filled = end - answerFrom;
    current = open(end);
  }

  @Override
  public boolean finished() {
    return answer.ended() || settled == ids.length;
  }

  @Override
  public Optional<FinishReason> finishReason() {
    if (!finished()) {
      return Optional.empty();
    }
    return Optional.of(answer.ended() ? FinishReason.STOP : FinishReason.LENGTH);
  }

  @Override
  public int[] tokens() {
    int count = answer.ended() ? answer.tokens() : ids.length - answerFrom;
    return Arrays.copyOfRange(ids, answerFrom, answerFrom + count);
  }

  @Override
  public int committedPrefix() {
    return answer.tokens();
  }

  @Override
  public String committedText() {
    return finished() ? answer.text() : answer.settledText();
  }

  @Override
  public int[] canvas() {
    return ids.clone();
  }

  @Override
  public DecodeReport report() {
    DecodeReport now = current.report();
    int tokens = filled + now.tokens();
    return new DecodeReport(nfe + now.nfe(), tokens, windowIndex, 0, 0, millis + now.millis());
  }

  @Override
  public void close() {
    current.close();
  }
}
