package dev.unmask.lm.family.dsm;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.checkpoint.TrainingState;
import dev.unmask.lm.family.Families;
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
    this(ScoreTransformer.random(config, seed), objective, settings, steps, seed);
  }

  /** The same from weights that are there. */
  ScoreTrainer(
      ScoreTransformer network,
      DenoisingScoreMatching objective,
      OptimizerSettings settings,
      long steps,
      long seed) {
    this(
        network,
        objective,
        AdamW.start(settings, network.weights()),
        new LearningRateSchedule(settings, steps),
        seed);
  }

  private ScoreTrainer(
      ScoreTransformer network,
      DenoisingScoreMatching objective,
      AdamW optimizer,
      LearningRateSchedule schedule,
      long seed) {
    this.network = network;
    this.objective = objective;
    this.optimizer = optimizer;
    this.schedule = schedule;
    this.seed = seed;
  }

  /** Goes on from what {@link #write} wrote, after {@code step} steps. */
  static ScoreTrainer resume(
      DsmConfig config,
      DenoisingScoreMatching objective,
      OptimizerSettings settings,
      long steps,
      long seed,
      Safetensors file) {
    TrainingState state = TrainingState.of(file);
    Weights weights = ScoreTransformer.weights(config, file, TrainingState.WEIGHTS);
    AdamW.State moments =
        new AdamW.State(
            ScoreTransformer.weights(config, file, TrainingState.FIRST_MOMENTS),
            ScoreTransformer.weights(config, file, TrainingState.SECOND_MOMENTS),
            ScoreTransformer.weights(config, file, TrainingState.AVERAGE),
            state.updates());
    ScoreTrainer trainer =
        new ScoreTrainer(
            ScoreTransformer.forTraining(config, weights),
            objective,
            AdamW.resume(settings, weights, moments),
            new LearningRateSchedule(settings, steps),
            seed);
    trainer.step = state.optimizerStep();
    return trainer;
  }

  /** Adds weights, moments and moving average to a checkpoint; the number of updates. */
  long write(SafetensorsWriter file) {
    AdamW.State state = optimizer.state();
    network.weights().write(file, TrainingState.WEIGHTS);
    state.firstMoments().write(file, TrainingState.FIRST_MOMENTS);
    state.secondMoments().write(file, TrainingState.SECOND_MOMENTS);
    state.average().write(file, TrainingState.AVERAGE);
    return state.updates();
  }

  /**
   * What an optimizer step was.
   *
   * @param loss before it
   * @param gradientNorm before clipping
   */
  public record Step(ScoreTransformer.Loss loss, double gradientNorm, double learningRate) {}

  /** Completed optimizer steps. */
  long steps() {
    return step;
  }

  /** One optimizer step on clean tokens {@code [B][L]}. */
  public Step step(int[][] clean) {
    KeyedRandom random = KeyedRandom.of(seed).split("corruption").split(step);
    ScoreTransformer.Loss loss =
        network.differentiate(objective.batch(clean, network.config(), random));
    step++;
    double learningRate = schedule.at(step);
    return new Step(loss, optimizer.step(learningRate), learningRate);
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
    JsonObject json = network.config().json();
    json.addProperty(Families.FAMILY, DsmConfig.MODEL_TYPE);
    ModelDirectory.write(directory, json, weights);
    tokenizer.save(directory);
  }

  @Override
  public void close() {
    optimizer.close();
    network.close();
  }
}
