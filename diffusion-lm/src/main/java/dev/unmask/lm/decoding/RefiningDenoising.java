package dev.unmask.lm.decoding;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Refines a whole canvas that holds no tokens until the last pass, which rounds it to tokens: how
 * continuous diffusion decodes. Steps before the last commit nothing. Engine thread only.
 */
public final class RefiningDenoising extends CanvasDenoising {

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
  private final OpenCanvas canvas;
  private int nfe;

  private RefiningDenoising(OpenCanvas canvas, Refinement refinement) {
    super(canvas);
    this.canvas = canvas;
    this.refinement = refinement;
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
    OpenCanvas open = OpenCanvas.along(plan, tokenizer, AnswerEnd.of(tokenizer), settings);
    return new RefiningDenoising(open, start.of(open.ids().clone(), open.masked(), open.mayEnd()));
  }

  @Override
  protected DenoisingStep pass() {
    refinement.pass();
    nfe++;
    List<Committed> committed = nfe == refinement.passes() ? round() : List.of();
    return new DenoisingStep(nfe, 0, committed, canvas.maskedLeft());
  }

  private List<Committed> round() {
    Rounded rounded = refinement.rounded();
    List<Committed> committed = new ArrayList<>();
    for (int position : canvas.masked(0, canvas.ids().length)) {
      committed.add(
          canvas.fill(position, rounded.tokens()[position], rounded.probabilities()[position]));
    }
    return committed;
  }

  @Override
  public boolean finished() {
    return canvas.maskedLeft() == 0;
  }

  @Override
  public DecodeReport report() {
    return new DecodeReport(
        nfe, canvas.unmasked(), 1, (long) nfe * canvas.ids().length, 0, millis());
  }

  @Override
  public void close() {}
}
