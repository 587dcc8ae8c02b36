package dev.unmask.lm.decoding;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Refines a whole canvas that holds no tokens until the last pass, which rounds it to tokens: how
 * continuous diffusion decodes. Steps before the last commit nothing. Engine thread only.
 */
public final class RefiningDenoising implements Denoising {

  /** The canvas as the family keeps it. */
  public interface Refinement {
    /** Forward passes in all. */
    int passes();

    /** Runs the next forward pass. */
    void pass();

    /** What each position is rounded to after the last pass, and how probable that is. */
    Rounded rounded();
  }

  /**
   * @param tokens of every position of the canvas
   * @param probabilities of those tokens, each in [0, 1]
   */
  public record Rounded(int[] tokens, double[] probabilities) {}

  /** Begins a refinement. */
  @FunctionalInterface
  public interface Start {
    /**
     * @param ids of the canvas, the mask id at open positions
     * @param open positions to fill
     * @param mayEnd whether the end of text may be drawn
     */
    Refinement of(int[] ids, BitSet open, boolean mayEnd);
  }

  private final Refinement refinement;
  private final AnswerText answer;
  private final BlockPlan plan;
  private final int[] ids;
  private final BitSet open;
  private int nfe;
  private long nanos;

  private RefiningDenoising(Refinement refinement, AnswerText answer, BlockPlan plan) {
    this.refinement = refinement;
    this.answer = answer;
    this.plan = plan;
    this.ids = plan.ids().clone();
    this.open = (BitSet) plan.masked().clone();
  }

  /**
   * Begins to fill a canvas.
   *
   * @param shape vocabulary, mask and context of the model
   */
  public static RefiningDenoising start(
      BackboneConfig shape,
      Canvas canvas,
      DecodeSettings settings,
      Tokenizer tokenizer,
      Start start) {
    BlockPlan plan = BlockPlan.of(shape, canvas, settings);
    boolean mayEnd = settings.mayEnd() && plan.answerTo() == plan.ids().length;
    Refinement refinement = start.of(plan.ids().clone(), (BitSet) plan.masked().clone(), mayEnd);
    return new RefiningDenoising(
        refinement, new AnswerText(tokenizer, AnswerEnd.of(tokenizer), settings.stop()), plan);
  }

  @Override
  public DenoisingStep step() {
    if (finished()) {
      throw new IllegalStateException("nothing is left to denoise");
    }
    long begin = System.nanoTime();
    refinement.pass();
    nfe++;
    List<Committed> committed = nfe == refinement.passes() ? round() : List.of();
    nanos += System.nanoTime() - begin;
    return new DenoisingStep(nfe, 0, committed, open.cardinality());
  }

  private List<Committed> round() {
    Rounded rounded = refinement.rounded();
    List<Committed> committed = new ArrayList<>();
    for (int position : open.stream().toArray()) {
      ids[position] = rounded.tokens()[position];
      committed.add(
          new Committed(
              position - plan.answerFrom(), ids[position], rounded.probabilities()[position]));
    }
    open.clear();
    IntStream.range(plan.answerFrom(), plan.answerTo()).forEach(i -> answer.append(ids[i]));
    return committed;
  }

  @Override
  public boolean finished() {
    return open.isEmpty();
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
    int length = answer.ended() ? answer.tokens() : plan.answerTo() - plan.answerFrom();
    return Arrays.copyOfRange(ids, plan.answerFrom(), plan.answerFrom() + length);
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
    int tokens = finished() ? plan.masked().cardinality() : 0;
    return new DecodeReport(nfe, tokens, 1, (long) nfe * ids.length, 0, nanos / 1e6);
  }

  @Override
  public void close() {}
}
