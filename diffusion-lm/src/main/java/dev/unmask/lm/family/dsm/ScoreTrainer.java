package dev.unmask.lm.family.dsm;

import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.optimizer.AdamW;
import dev.unmask.lm.optimizer.LearningRateSchedule;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.nio.file.Path;

/**
 * Trains a score network of text: noise, loss, optimizer step. Everything random is keyed by the
 * seed and the step. Engine thread only.
 */
public final class ScoreTrainer implements AutoCloseable {
  private final ScoreTransformer network;
  private final DenoisingScoreMatching objective;
  private final AdamW optimizer;
  private final LearningRateSchedule schedule;
  private final long seed;
  private long step;

  /**
   * @param steps of the whole run, which the learning rate follows
   */
  public ScoreTrainer(
      DsmConfig config,
      DenoisingScoreMatching objective,
      OptimizerSettings settings,
      long steps,
      long seed) {
    this.network = ScoreTransformer.random(config, seed);
    this.objective = objective;
    this.optimizer = AdamW.start(settings, network.weights());
    this.schedule = new LearningRateSchedule(settings, steps);
    this.seed = seed;
  }

  /** One optimizer step on clean tokens {@code [B][L]}; the loss before it. */
  public ScoreTransformer.Loss step(int[][] clean) {
    KeyedRandom random = KeyedRandom.of(seed).split("corruption").split(step);
    ScoreTransformer.Loss loss =
        network.differentiate(objective.batch(clean, network.config(), random));
    step++;
    optimizer.step(schedule.at(step));
    return loss;
  }

  /** The loss of the averaged weights; the same key compares like with like. */
  public ScoreTransformer.Loss validate(int[][] clean, long key) {
    KeyedRandom random = KeyedRandom.of(key).split("validation");
    return network.evaluate(objective.batch(clean, network.config(), random), optimizer.average());
  }

  /** Writes the averaged weights as a model directory. */
  public void exportModel(Path directory, Tokenizer tokenizer) {
    SafetensorsWriter weights = new SafetensorsWriter();
    optimizer.average().write(weights, "");
    ModelDirectory.write(directory, network.config().json(), weights);
    tokenizer.save(directory);
  }

  @Override
  public void close() {
    optimizer.close();
    network.close();
  }
}
