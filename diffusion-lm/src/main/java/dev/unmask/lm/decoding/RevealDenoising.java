package dev.unmask.lm.decoding;

import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.RevealPolicy;
import dev.unmask.lm.decoding.policy.RevealPolicy.Reveals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Fills a canvas as a reverse process over all of its masked positions at once (SMDM,
 * arXiv:2410.18514; Dream, arXiv:2508.15487). Steps that reveal nothing cost no forward pass unless
 * the policy asks for one. Engine thread only.
 */
public final class RevealDenoising extends CanvasDenoising {
  private final OpenCanvas canvas;
  private final KvCache network;
  private final TokenDraw draw;
  private final RaddSampler.Uniforms uniforms;
  private final Reveals reveals;
  private int step;
  private int nfe;

  /** Column of the uniform number that decides whether a position is revealed. */
  public static final int REVEAL = 0;

  /** Column of the uniform number that picks its token. */
  public static final int TOKEN = 1;

  /**
   * @param network runs the whole canvas; closed with the denoising
   * @param uniforms numbers of every step and position, in the columns {@link #REVEAL} and {@link
   *     #TOKEN}
   */
  public RevealDenoising(
      OpenCanvas canvas,
      KvCache network,
      TokenDraw draw,
      RevealPolicy policy,
      RaddSampler.Uniforms uniforms) {
    super(canvas);
    this.canvas = canvas;
    this.network = network;
    this.draw = draw;
    this.uniforms = uniforms;
    this.reveals =
        policy.begin(canvas.maskedLeft(), (at, position) -> uniforms.uniform(at, position, REVEAL));
  }

  @Override
  protected DenoisingStep pass() {
    int[] masked = canvas.masked().stream().toArray();
    int[] asked = reveals.asked(masked, step);
    while (asked.length == 0) {
      asked = reveals.asked(masked, ++step);
    }
    Candidates candidates = candidates(asked);
    List<Committed> committed = commit(candidates, asked);
    step++;
    return new DenoisingStep(++nfe, 0, committed, canvas.maskedLeft());
  }

  private Candidates candidates(int[] rows) {
    double[] u = new double[rows.length];
    Arrays.setAll(u, i -> uniforms.uniform(step, rows[i], TOKEN));
    int[] ids = canvas.ids();
    try (ForwardPass pass = network.denoise(ids, new Block(0, ids.length), rows)) {
      return draw.draw(pass.logits(), u, canvas.mayEnd());
    }
  }

  private List<Committed> commit(Candidates candidates, int[] rows) {
    BitSet chosen = reveals.select(candidates, rows, step);
    List<Committed> committed = new ArrayList<>();
    for (int row : chosen.stream().toArray()) {
      committed.add(canvas.fill(rows[row], candidates.tokens()[row], candidates.confidence()[row]));
    }
    return committed;
  }

  @Override
  public boolean finished() {
    return canvas.finished() || reveals.exhausted(step);
  }

  @Override
  public DecodeReport report() {
    return new DecodeReport(
        nfe, canvas.unmasked(), nfe == 0 ? 0 : 1, network.lookups(), network.hits(), millis());
  }

  @Override
  public void close() {
    network.close();
  }
}
