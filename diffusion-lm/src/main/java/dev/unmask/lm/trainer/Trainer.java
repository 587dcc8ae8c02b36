package dev.unmask.lm.trainer;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.TrainableBackbone;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.checkpoint.TrainingState;
import dev.unmask.lm.conversion.MaskTokenRow;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.optimizer.AdamW;
import dev.unmask.lm.optimizer.LearningRateSchedule;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.trainer.Batches.Batch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The training loop: batch, loss, optimizer step. Engine thread only.
 *
 * <p>Data order, corruption and initial weights are keyed by the plan's seed and the optimizer
 * step, so a run resumed from a checkpoint repeats an uninterrupted one bit for bit on the same
 * machine with the same number of threads.
 */
public final class Trainer implements TrainingRun {
  private static final long VALIDATION_SEED = 20_240_917;
  private static final int WARM_UP_STEPS = 2;
  private static final int TIMED_STEPS = 3;

  private final TrainingPlan plan;
  private final PackedSequences training;
  private final TrainableBackbone network;
  private final AdamW optimizer;
  private final LearningRateSchedule schedule;
  private long optimizerStep;
  private long tokensSeen;

  private Trainer(
      TrainingPlan plan,
      PackedSequences training,
      TrainableBackbone network,
      AdamW optimizer,
      long optimizerStep,
      long tokensSeen) {
    this.plan = plan;
    this.training = training;
    this.network = network;
    this.optimizer = optimizer;
    this.schedule = new LearningRateSchedule(plan.optimizer(), plan.optimizerSteps());
    this.optimizerStep = optimizerStep;
    this.tokensSeen = tokensSeen;
  }

  /**
   * Starts with fresh weights.
   *
   * @throws IllegalArgumentException if the sequences do not fit the backbone
   */
  public static Trainer start(TrainingPlan plan, PackedSequences training) {
    requireFitting(plan, training);
    return begin(plan, training, Weights.random(plan.backbone(), plan.seed()));
  }

  /**
   * Starts with the weights of an earlier run, which may have had another objective.
   *
   * @throws IllegalArgumentException if the weights do not fit the plan's backbone
   */
  public static Trainer startFrom(
      TrainingPlan plan, PackedSequences training, Path modelDirectory) {
    ModelDirectory model = ModelDirectory.at(modelDirectory);
    return startFrom(plan, training, BackboneLoader.config(model), model);
  }

  /**
   * The same from a model whose configuration its family has read.
   *
   * @param earlier its shape and how it decoded
   */
  public static Trainer startFrom(
      TrainingPlan plan, PackedSequences training, BackboneConfig earlier, ModelDirectory model) {
    requireFitting(plan, training);
    Trainer trainer = begin(plan, training, BackboneLoader.weights(model, plan.backbone()));
    if (earlier.layout() == BackboneConfig.Layout.CAUSAL) {
      trainer.enterDiffusion(plan.phases().getFirst().objective());
    }
    return trainer;
  }

  private static Trainer begin(TrainingPlan plan, PackedSequences training, Weights weights) {
    Precision precision = choosePrecision(plan, training);
    TrainableBackbone network = TrainableBackbone.of(plan.backbone(), weights, precision);
    return new Trainer(plan, training, network, AdamW.start(plan.optimizer(), weights), 0, 0);
  }

  /**
   * Goes on where a checkpoint ends, in the checkpoint's number type.
   *
   * @throws IllegalArgumentException if the checkpoint was made under another plan
   */
  public static Trainer resume(TrainingPlan plan, PackedSequences training, Path checkpoint) {
    requireFitting(plan, training);
    try (Safetensors file = TrainingState.open(checkpoint)) {
      TrainingState state = TrainingState.of(file);
      if (!state.plan().equals(plan.fingerprint())) {
        throw new IllegalArgumentException(
            checkpoint + " was made under another plan; resume it with its own");
      }
      Weights weights = Weights.read(plan.backbone(), file, TrainingState.WEIGHTS);
      AdamW.State moments =
          new AdamW.State(
              Weights.read(plan.backbone(), file, TrainingState.FIRST_MOMENTS),
              Weights.read(plan.backbone(), file, TrainingState.SECOND_MOMENTS),
              Weights.read(plan.backbone(), file, TrainingState.AVERAGE),
              state.updates());
      TrainableBackbone network =
          TrainableBackbone.of(plan.backbone(), weights, Precision.valueOf(state.precision()));
      AdamW optimizer = AdamW.resume(plan.optimizer(), weights, moments);
      return new Trainer(
          plan, training, network, optimizer, state.optimizerStep(), state.tokensSeen());
    }
  }

  private static void requireFitting(TrainingPlan plan, PackedSequences training) {
    plan.phases().forEach(phase -> Batches.requireLearnable(phase.objective(), training));
    if (training.length() > plan.backbone().contextLength()) {
      throw new IllegalArgumentException(
          "sequences of "
              + training.length()
              + " tokens do not fit a context of "
              + plan.backbone().contextLength());
    }
  }

  private static Precision choosePrecision(TrainingPlan plan, PackedSequences training) {
    int rows = plan.batchSize() * training.length();
    return PrecisionCalibration.resolve(
        plan.precision(), BackboneLoader.products(plan.backbone(), rows));
  }

  @Override
  public TrainingPosition position() {
    return new TrainingPosition(plan.phaseOf(optimizerStep), optimizerStep, tokensSeen);
  }

  @Override
  public boolean finished() {
    return optimizerStep >= plan.optimizerSteps();
  }

  @Override
  public Precision precision() {
    return network.precision();
  }

  @Override
  public StepReport step() {
    if (finished()) {
      throw new IllegalStateException("the plan's " + optimizerStep + " steps are done");
    }
    long start = System.nanoTime();
    int phase = plan.phaseOf(optimizerStep);
    if (phase > 0 && optimizerStep == plan.startOf(phase)) {
      enterDiffusion(plan.phases().get(phase).objective());
    }
    Batch batch = batch(phase);
    Loss loss = network.differentiate(batch.scored());
    double learningRate = schedule.at(optimizerStep + 1);
    double norm = optimizer.step(learningRate);
    if (!Double.isFinite(loss.value()) || !Double.isFinite(norm)) {
      throw new TrainingDivergedException(optimizerStep + 1, loss.value(), norm);
    }
    optimizerStep++;
    tokensSeen += batch.tokens();
    double milliseconds = (System.nanoTime() - start) / 1e6;
    return new StepReport(
        optimizerStep, phase, loss.value(), norm, learningRate, batch.tokens(), milliseconds);
  }

  private Batch batch(int phase) {
    return new Batches(training, plan.backbone().maskId())
        .training(
            plan.phases().get(phase).objective(), optimizerStep, plan.batchSize(), plan.seed());
  }

  /** A phase starts with moments of its own, and with an embedding of the mask token. */
  private void enterDiffusion(Objective objective) {
    if (objective.corrupts()) {
      MaskTokenRow.initialise(network);
    }
    optimizer.restart();
  }

  @Override
  public void checkpoint(Path directory) {
    SafetensorsWriter file = new SafetensorsWriter();
    AdamW.State state = optimizer.state();
    network.weights().write(file, TrainingState.WEIGHTS);
    state.firstMoments().write(file, TrainingState.FIRST_MOMENTS);
    state.secondMoments().write(file, TrainingState.SECOND_MOMENTS);
    state.average().write(file, TrainingState.AVERAGE);
    new TrainingState(
            plan.fingerprint(), precision().name(), optimizerStep, tokensSeen, state.updates())
        .write(directory, file);
  }

  @Override
  public ValidationReport validate(PackedSequences validation, int maxSequences) {
    int count = Math.min(maxSequences, validation.count());
    Objective objective = lastObjective().validation();
    KeyedRandom random = KeyedRandom.of(VALIDATION_SEED);
    Batches batches = new Batches(validation, plan.backbone().maskId());
    int size = batches.validationSize(plan.batchSize());
    double nats = 0;
    long tokens = 0;
    for (int from = 0; from < count; from += size) {
      int to = Math.min(from + size, count);
      Batch batch = batches.validation(objective, from, to, random.split(from));
      nats += batch.learned() * network.evaluate(batch.scored(), optimizer.average()).value();
      tokens += batch.learned();
    }
    return new ValidationReport(objective.label(), nats / tokens, count, tokens, objective.exact());
  }

  private Objective lastObjective() {
    return lastPhase().objective();
  }

  private TrainingPhase lastPhase() {
    return plan.phases().get(plan.phaseOf(Math.max(0, optimizerStep - 1)));
  }

  @Override
  public void exportModel(Path directory, Tokenizer tokenizer) {
    BackboneConfig config = lastObjective().decoding(plan.backbone());
    SafetensorsWriter weights = new SafetensorsWriter();
    optimizer.average().write(weights, "");
    JsonObject json = BackboneConfigJson.write(config);
    lastPhase().facts().asMap().forEach(json::add);
    ModelDirectory.write(directory, json, weights);
    tokenizer.save(directory);
  }

  /**
   * Time of one optimizer step on this machine, from a few steps on throw-away weights: for time
   * budgets.
   *
   * @param phase index of the phase to measure
   * @return median milliseconds
   */
  public static double measureMillisPerStep(
      TrainingPlan plan, PackedSequences training, int phase) {
    TrainingPlan only =
        new TrainingPlan(
            plan.backbone(),
            List.of(
                new TrainingPhase(
                    plan.phases().get(phase).objective(), WARM_UP_STEPS + TIMED_STEPS)),
            plan.optimizer(),
            plan.batchSize(),
            plan.seed(),
            plan.precision());
    try (Trainer trainer = start(only, training)) {
      double[] milliseconds = new double[TIMED_STEPS];
      for (int i = -WARM_UP_STEPS; i < TIMED_STEPS; i++) {
        double time = trainer.step().milliseconds();
        if (i >= 0) {
          milliseconds[i] = time;
        }
      }
      Arrays.sort(milliseconds);
      return milliseconds[TIMED_STEPS / 2];
    }
  }

  @Override
  public void close() {
    optimizer.close();
    network.close();
  }
}
