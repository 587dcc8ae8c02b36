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
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionCalibration.Use;
import dev.unmask.lm.trainer.Batches.Batch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The training loop: batch, loss, optimizer step. Engine thread only.
 *
 * <p>Data order, corruption and initial weights are keyed by the plan's seed and the optimizer
 * step, so a run resumed from a checkpoint repeats an uninterrupted one bit for bit on the same
 * machine with the same number of threads.
 */
public final class Trainer implements TrainingRun {
  private static final int WARM_UP_STEPS = 2;
  private static final int TIMED_STEPS = 3;

  private final TrainingPlan plan;
  private final PackedSequences training;
  private final TrainableBackbone network;
  private final AdamW optimizer;
  private final LearningRateSchedule schedule;
  private final Adaptation adaptation;
  private long optimizerStep;
  private long tokensSeen;

  private Trainer(
      TrainingPlan plan,
      PackedSequences training,
      TrainableBackbone network,
      AdamW optimizer,
      Map<String, Double> found,
      long optimizerStep,
      long tokensSeen) {
    this.plan = plan;
    this.training = training;
    this.network = network;
    this.optimizer = optimizer;
    this.schedule = new LearningRateSchedule(plan.optimizer(), plan.optimizerSteps());
    this.adaptation =
        new Adaptation(
            plan, training, batch -> network.evaluate(batch, optimizer.average()).nats(), found);
    this.optimizerStep = optimizerStep;
    this.tokensSeen = tokensSeen;
  }

  /**
   * Starts with fresh weights.
   *
   * @throws IllegalArgumentException if the sequences do not fit the backbone
   */
  public static Trainer start(TrainingPlan plan, PackedSequences training) {
    Batches.requireFitting(plan, training);
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
    Batches.requireFitting(plan, training);
    Trainer trainer = begin(plan, training, BackboneLoader.weights(model, plan.backbone()));
    if (earlier.layout() == BackboneConfig.Layout.CAUSAL) {
      trainer.enterDiffusion(plan.phases().getFirst().objective());
    }
    return trainer;
  }

  private static Trainer begin(TrainingPlan plan, PackedSequences training, Weights weights) {
    Precision precision = choosePrecision(plan, training);
    TrainableBackbone network =
        TrainableBackbone.of(plan.backbone(), weights, precision, plan.activations());
    AdamW optimizer = AdamW.start(plan.optimizer(), weights);
    return new Trainer(plan, training, network, optimizer, Map.of(), 0, 0);
  }

  /**
   * Goes on where a checkpoint ends, in the checkpoint's number type.
   *
   * @throws IllegalArgumentException if the checkpoint was made under another plan
   */
  public static Trainer resume(TrainingPlan plan, PackedSequences training, Path checkpoint) {
    Batches.requireFitting(plan, training);
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
          TrainableBackbone.of(
              plan.backbone(), weights, Precision.valueOf(state.precision()), plan.activations());
      AdamW optimizer = AdamW.resume(plan.optimizer(), weights, moments);
      return new Trainer(
          plan,
          training,
          network,
          optimizer,
          state.found(),
          state.optimizerStep(),
          state.tokensSeen());
    }
  }

  private static Precision choosePrecision(TrainingPlan plan, PackedSequences training) {
    int rows = plan.batchSize() * training.length();
    return PrecisionCalibration.resolve(
        plan.precision(), BackboneLoader.products(plan.backbone(), rows), Use.TRAINING);
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
    Objective objective = plan.phases().get(phase).objective();
    Map<String, Double> measures = adaptation.renew(objective, optimizerStep, phase);
    Batch batch =
        new Batches(training, plan.backbone().maskId())
            .training(adaptation.apply(objective), optimizerStep, plan.batchSize(), plan.seed());
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
        optimizerStep,
        phase,
        loss.value(),
        norm,
        learningRate,
        batch.tokens(),
        milliseconds,
        measures);
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
            plan.fingerprint(),
            precision().name(),
            optimizerStep,
            tokensSeen,
            state.updates(),
            adaptation.found())
        .write(directory, file);
  }

  @Override
  public ValidationReport validate(PackedSequences validation, int maxSequences) {
    return new Batches(validation, plan.backbone().maskId())
        .validate(
            lastObjective().validation(),
            plan.batchSize(),
            maxSequences,
            batch -> network.evaluate(batch, optimizer.average()));
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
            plan.precision(),
            plan.activations());
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
