package dev.unmask.lm.decoding;

import java.util.List;
import java.util.function.Predicate;

/**
 * Several canvases filled together, as by a network that takes them as one batch: a joint pass is
 * one step of every canvas that is furthest behind, so that all work on the same block and those
 * that are done with it wait. What a canvas becomes does not depend on the others. Engine thread
 * only.
 */
public final class Lockstep implements AutoCloseable {
  private final List<Denoising> canvases;
  private int passes;

  /**
   * @param canvases with blocks at the same positions; closed with this
   */
  public Lockstep(List<Denoising> canvases) {
    this.canvases = List.copyOf(canvases);
  }

  /** Runs one joint pass. */
  public void step() {
    int frontier =
        canvases.stream()
            .filter(Predicate.not(Denoising::finished))
            .mapToInt(Denoising::frontier)
            .min()
            .orElseThrow(() -> new IllegalStateException("nothing is left to denoise"));
    canvases.stream()
        .filter(canvas -> !canvas.finished() && canvas.frontier() == frontier)
        .forEach(Denoising::step);
    passes++;
  }

  public boolean finished() {
    return canvases.stream().allMatch(Denoising::finished);
  }

  /** Runs all remaining joint passes. */
  public void finish() {
    while (!finished()) {
      step();
    }
  }

  /** Joint passes so far: what the network was called, whatever the number of canvases. */
  public int passes() {
    return passes;
  }

  /** The canvases in their order. */
  public List<Denoising> canvases() {
    return canvases;
  }

  @Override
  public void close() {
    canvases.forEach(Denoising::close);
  }
}
