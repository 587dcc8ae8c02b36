package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.AttentionShape;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Activation;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.BackboneConfig.Norm;
import dev.unmask.lm.backbone.NoiseConditioning;
import dev.unmask.lm.backbone.RotaryPositions;
import dev.unmask.lm.backbone.TensorNames;
import dev.unmask.lm.backbone.Vocabulary;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.trainer.Trainer;
import dev.unmask.lm.trainer.TrainingPhase;
import dev.unmask.lm.trainer.TrainingPlan;
import dev.unmask.lm.trainer.TrainingRun;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * nanoGPT's set-up for a CPU as near as the library's parts come: layer norms, GELU, the head tied
 * to the embedding, a vocabulary of the characters that occur. What stays different are rotary
 * positions instead of learned ones, the biases, and rows cut at fixed places instead of anywhere.
 *
 * @param characters the ids that occur, ascending: the network knows each by its place
 */
record NanoGpt(int[] characters) {

  static NanoGpt of(CharacterText text) {
    return new NanoGpt(
        IntStream.concat(ids(text.training()), ids(text.validation()))
            .distinct()
            .sorted()
            .toArray());
  }

  private static IntStream ids(PackedSequences rows) {
    return IntStream.range(0, rows.count()).flatMap(row -> Arrays.stream(rows.sequence(row)));
  }

  /** The same rows by the network's ids. */
  PackedSequences renumbered(PackedSequences rows) {
    int[] ids = ids(rows).map(id -> Arrays.binarySearch(characters, id)).toArray();
    return PackedSequences.of(ids, rows.length(), -1);
  }

  TrainingRun open(TrainingCell cell, OptimizerSettings optimizer, PackedSequences training) {
    BackboneConfig network =
        new BackboneConfig(
            TensorNames.RADD,
            Vocabulary.withoutMask(characters.length),
            cell.shape().layers(),
            cell.shape().width(),
            AttentionShape.multiHead(cell.shape().width(), cell.shape().heads()),
            cell.shape().feedForward(),
            CharacterText.LENGTH,
            Norm.LAYER,
            1e-5,
            Activation.GELU_TANH,
            RotaryPositions.of(10_000),
            true,
            Decoding.nextToken(),
            NoiseConditioning.NONE);
    return Trainer.start(
        new TrainingPlan(
            network,
            List.of(new TrainingPhase(new Autoregressive(), cell.budget().steps())),
            optimizer,
            cell.budget().batch(),
            cell.seed(),
            cell.precision()),
        renumbered(training));
  }
}
