package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.backbone.TrainableBackbone;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.objective.LinearMasking;
import dev.unmask.lm.optimizer.AdamW;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A training step that projects masked rows only onto the vocabulary, against one that projects
 * every row and gives those that are not masked the weight zero, as a loss written over whole
 * tensors does. Half of the tokens are masked.
 */
final class MaskedProjection implements LibraryPart {

  private static final int BATCH = 8;
  private static final int LENGTH = 256;
  private static final int VOCABULARY = 50_001;
  private static final int WARM_UP = 2;
  private static final int ROUNDS = 8;
  private static final double GOAL = 1.5;

  @Override
  public void run(Options options, Consumer<Result> results) {
    BackboneConfig backbone = BackboneConfig.llama(VOCABULARY, 6, 384, 6, 1024, LENGTH, 0);
    Precision precision = TrainingShare.picked(backbone);
    ScoredBatch masked = batch(backbone);
    ScoredBatch all = everyRow(masked);
    try (TrainableBackbone network =
        TrainableBackbone.of(backbone, Weights.random(backbone, 1), precision)) {
      try (AdamW optimizer = AdamW.start(OptimizerSettings.of(1e-3), network.weights())) {
        Turns.Taken taken =
            new Turns()
                .time("masked", () -> step(network, optimizer, masked))
                .time("all", () -> step(network, optimizer, all))
                .take(WARM_UP, options.repeats(ROUNDS));
        double fast = taken.median("masked");
        double slow = taken.median("all");
        results.accept(
            Result.of(
                    BENCHMARK,
                    "training step, half of the tokens masked, vocabulary 50k: every row projected"
                        + " over masked rows only",
                    slow / fast,
                    "ratio")
                .withGoal(GOAL)
                .with("precision", precision.name())
                .with("masked_rows_milliseconds", fast)
                .with("every_row_milliseconds", slow));
      }
    }
  }

  private static void step(TrainableBackbone network, AdamW optimizer, ScoredBatch batch) {
    network.differentiate(batch);
    optimizer.step(1e-4);
  }

  private static ScoredBatch batch(BackboneConfig backbone) {
    PackedSequences text = LibraryShapes.text(backbone, BATCH);
    int[][] clean = IntStream.range(0, BATCH).mapToObj(text::sequence).toArray(int[][]::new);
    List<BitSet> masked = Collections.nCopies(BATCH, everyOther());
    double[] probabilities = new double[BATCH];
    Arrays.fill(probabilities, 0.5);
    return new LinearMasking(Alignment.SAME_POSITION, 0)
        .batch(clean, masked, probabilities, backbone.maskId());
  }

  private static BitSet everyOther() {
    BitSet masked = new BitSet(LENGTH);
    for (int i = 0; i < LENGTH; i += 2) {
      masked.set(i);
    }
    return masked;
  }

  /** The same loss and gradients, computed from logits of every row. */
  private static ScoredBatch everyRow(ScoredBatch masked) {
    int count = masked.ids().length;
    int[] targets = new int[count];
    float[] weights = new float[count];
    for (int i = 0; i < masked.rows().length; i++) {
      targets[masked.rows()[i]] = masked.targets()[i];
      weights[masked.rows()[i]] = masked.weights()[i];
    }
    return new ScoredBatch(
        masked.sequences(),
        masked.ids(),
        masked.positions(),
        masked.layout(),
        IntStream.range(0, count).toArray(),
        targets,
        weights);
  }
}
