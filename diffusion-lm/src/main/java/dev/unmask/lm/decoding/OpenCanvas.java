package dev.unmask.lm.decoding;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A canvas while it is being filled, and the answer as far as it is finished from the left: what
 * every {@link Denoising} needs besides its own way of choosing tokens.
 */
public final class OpenCanvas {
  private final BlockPlan plan;
  private final AnswerText answer;
  private final End end;
  private final boolean endDrawable;
  private final int[] ids;
  private final BitSet masked;
  private int settled;
  private int unmasked;

  /** What the model's end of text does. */
  public enum End {
    /** Once everything left of it is filled the answer is finished and the rest is not computed. */
    STOPS,
    /** The text ends there, and the canvas is filled to its end all the same (published code). */
    CUTS
  }

  private OpenCanvas(BlockPlan plan, AnswerText answer, End end, boolean mayEnd) {
    this.plan = plan;
    this.answer = answer;
    this.end = end;
    this.endDrawable = mayEnd && plan.answerTo() == plan.ids().length;
    this.ids = plan.ids().clone();
    this.masked = (BitSet) plan.masked().clone();
    this.settled = plan.answerFrom();
  }

  /**
   * @throws DecodeSettingException if the canvas does not fit the model's context or holds a token
   *     the model has not
   */
  public static OpenCanvas of(
      BackboneConfig model, Tokenizer tokenizer, Canvas canvas, DecodeSettings settings, End end) {
    AnswerText answer = new AnswerText(tokenizer, AnswerEnd.of(tokenizer), settings.stop());
    return new OpenCanvas(BlockPlan.of(model, canvas, settings), answer, end, settings.mayEnd());
  }

  /** A canvas along a plan of the caller's. */
  static OpenCanvas along(
      BlockPlan plan, Tokenizer tokenizer, AnswerEnd answerEnd, DecodeSettings settings) {
    AnswerText answer = new AnswerText(tokenizer, answerEnd, settings.stop());
    return new OpenCanvas(plan, answer, End.STOPS, settings.mayEnd());
  }

  /** The tokens, the mask id at masked positions; changes with {@link #fill}, not to be changed. */
  public int[] ids() {
    return ids;
  }

  /** A copy of the masked positions. */
  public BitSet masked() {
    return (BitSet) masked.clone();
  }

  /** Masked positions in {@code [from, to)}, ascending. */
  public int[] masked(int from, int to) {
    return masked.get(from, to).stream().map(i -> i + from).toArray();
  }

  /** Number of masked positions. */
  public int maskedLeft() {
    return masked.cardinality();
  }

  /** The blocks with masked positions at the start, from left to right. */
  public List<Block> blocks() {
    return plan.blocks();
  }

  /** Whether a token may be the end of text. */
  public boolean mayEnd() {
    return endDrawable;
  }

  /** Puts a token on a position that stays open. */
  void place(int position, int token) {
    ids[position] = token;
  }

  /** Unmasks a position. */
  public Committed fill(int position, int token, double probability) {
    ids[position] = token;
    masked.clear(position);
    unmasked++;
    while (settled < plan.answerTo() && !masked.get(settled) && !answer.ended()) {
      answer.append(ids[settled++]);
    }
    return new Committed(position - plan.answerFrom(), token, probability);
  }

  /** Whether nothing is left to be computed. */
  public boolean finished() {
    return masked.isEmpty() || (end == End.STOPS && answer.ended());
  }

  /** Whether the answer has come to its end. */
  boolean ended() {
    return answer.ended();
  }

  /**
   * As {@link Denoising#tokens}.
   *
   * @param early whether what is not finished from the left is left out
   */
  int[] tokens(boolean early) {
    int length = early ? answer.tokens() : plan.answerTo() - plan.answerFrom();
    return Arrays.copyOfRange(ids, plan.answerFrom(), plan.answerFrom() + length);
  }

  /** As {@link Denoising#committedPrefix}. */
  int committedPrefix() {
    return answer.tokens();
  }

  /** As {@link Denoising#committedText}. */
  String committedText(boolean finished) {
    return finished ? answer.text() : answer.settledText();
  }

  /** Positions unmasked so far. */
  public int unmasked() {
    return unmasked;
  }
}
