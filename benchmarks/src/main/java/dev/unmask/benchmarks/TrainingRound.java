package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.objective.BlockDiffusion;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.trainer.Trainer;
import java.util.ArrayList;
import java.util.List;

/**
 * What takes turns while one shape is measured in one number type: a few bare matrix products, an
 * autoregressive step, a step of block diffusion. Whatever else the machine does meets all three.
 * Engine thread only.
 */
final class TrainingRound implements AutoCloseable {

  private static final int PRODUCTS = 5;

  private final Precision precision;
  private final MatrixRate matrix;
  private final Trainer plain;
  private final Trainer blocks;
  private final List<Double> matrixRates = new ArrayList<>();
  private final List<Double> plainTimes = new ArrayList<>();
  private final List<Double> blockTimes = new ArrayList<>();

  /**
   * @param steps how often {@link #take} will be called at most
   */
  TrainingRound(BackboneConfig backbone, int batchSize, Precision precision, int steps) {
    this.precision = precision;
    this.matrix = new MatrixRate(precision);
    PackedSequences text = LibraryShapes.text(backbone, batchSize);
    this.plain =
        Trainer.start(
            LibraryShapes.plan(backbone, new Autoregressive(), batchSize, precision, steps), text);
    Objective blockwise = new BlockDiffusion(backbone.blockSize());
    this.blocks =
        Trainer.start(LibraryShapes.plan(backbone, blockwise, batchSize, precision, steps), text);
  }

  /** One turn of each; {@code counts} is false while warming up. */
  void take(boolean counts) {
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < PRODUCTS; i++) {
      rates.add(matrix.measure());
    }
    double plainTime = milliseconds(plain);
    double blockTime = milliseconds(blocks);
    if (counts) {
      matrixRates.addAll(rates);
      plainTimes.add(plainTime);
      blockTimes.add(blockTime);
    }
  }

  private static double milliseconds(Trainer trainer) {
    long start = System.nanoTime();
    trainer.step();
    return (System.nanoTime() - start) / 1e6;
  }

  Precision precision() {
    return precision;
  }

  /** GFLOP/s of the bare matrix product. */
  Samples matrixRates() {
    return Samples.of(matrixRates);
  }

  /** Milliseconds of an autoregressive optimizer step. */
  Samples plainSteps() {
    return Samples.of(plainTimes);
  }

  /** Milliseconds of an optimizer step of block diffusion. */
  Samples blockSteps() {
    return Samples.of(blockTimes);
  }

  @Override
  public void close() {
    blocks.close();
    plain.close();
    matrix.close();
  }
}
