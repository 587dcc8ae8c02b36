package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.TrainingPhase;
import dev.unmask.lm.trainer.TrainingPlan;
import java.util.List;

/** Networks and texts whose speed is measured. */
final class LibraryShapes {

  private static final int SEQUENCES_OF_BATCHES = 16;

  private LibraryShapes() {}

  /** 6 layers, width 384, 256 tokens: 12.2 million parameters. */
  static BackboneConfig twelveMillion(int blockSize) {
    return BackboneConfig.llama(2049, 6, 384, 6, 1024, 256, blockSize);
  }

  /** 8 layers, width 640, 256 tokens: 40 million parameters. */
  static BackboneConfig fortyMillion(int blockSize) {
    return BackboneConfig.llama(2049, 8, 640, 10, 1600, 256, blockSize);
  }

  static TrainingPlan plan(
      BackboneConfig backbone, Objective objective, int batchSize, Precision precision, int steps) {
    return new TrainingPlan(
        backbone,
        List.of(new TrainingPhase(objective, steps)),
        OptimizerSettings.of(1e-3),
        batchSize,
        1,
        PrecisionChoice.valueOf(precision.name()));
  }

  /** Uniform tokens: the time of a step does not depend on what the text says. */
  static PackedSequences text(BackboneConfig backbone, int batchSize) {
    int words = backbone.vocabularySize() - 2;
    KeyedRandom random = KeyedRandom.of(7);
    int[] ids = new int[SEQUENCES_OF_BATCHES * batchSize * backbone.contextLength()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = random.nextInt(words, i);
    }
    return PackedSequences.of(ids, backbone.contextLength(), words);
  }
}
