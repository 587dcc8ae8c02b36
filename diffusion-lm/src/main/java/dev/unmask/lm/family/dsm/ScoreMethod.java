package dev.unmask.lm.family.dsm;

import dev.unmask.lm.backbone.Parameter;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.TrainingState;
import dev.unmask.lm.family.MethodChoice;
import dev.unmask.lm.family.MethodOptions;
import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.family.MethodPlan.Start;
import dev.unmask.lm.family.NetworkSize;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.trainer.TrainingRun;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Denoising score matching of text as a job trains it: a network of its own, in float32. */
final class ScoreMethod implements TrainingMethod {
  private static final String NOISE = "noise";
  private static final int COORDINATES = 32;
  private static final double ROUNDING = 1;
  private static final double PREFIXES = 0.5;

  @Override
  public String name() {
    return DsmConfig.MODEL_TYPE;
  }

  @Override
  public MethodOptions options() {
    return MethodOptions.NONE.withLosses(NOISE, "likelihood").withSchedules(ScoreSchedule.labels());
  }

  @Override
  public String network(MethodChoice choice) {
    return "a score network (%s, loss weighted for %s)".formatted(choice.schedule(), choice.loss());
  }

  @Override
  public long parameterCount(MethodChoice choice, NetworkSize size) {
    return fresh(size, choice).parameters().stream().mapToLong(ScoreMethod::elements).sum();
  }

  private static long elements(Parameter parameter) {
    return Arrays.stream(parameter.dimensions()).reduce(1, (a, b) -> a * b);
  }

  @Override
  public int contextLength(MethodChoice choice, Path modelDirectory) {
    return earlier(choice, modelDirectory).contextLength();
  }

  private static DsmConfig earlier(MethodChoice choice, Path model) {
    ModelDirectory directory = ModelDirectory.at(model);
    if (!DsmFamily.isScoreNetwork(directory.config())) {
      throw new IllegalArgumentException(
          "method dsm trains a score network, the earlier model is another kind of network");
    }
    DsmConfig config = DsmConfig.read(directory.config());
    String schedule = ScoreSchedule.of(config).label();
    if (!schedule.equals(choice.schedule())) {
      throw new IllegalArgumentException(
          "the earlier score network has schedule " + schedule + ", was " + choice.schedule());
    }
    return config;
  }

  @Override
  public TrainingRun open(MethodPlan plan, PackedSequences training, @Nullable Path checkpoint) {
    MethodChoice choice = plan.phases().getFirst().choice();
    DsmConfig config = config(plan, choice);
    if (training.length() > config.contextLength()) {
      throw new IllegalArgumentException(
          "sequences of %d tokens do not fit a context of %d"
              .formatted(training.length(), config.contextLength()));
    }
    ScoreMatching.Weight weight =
        choice.loss().equals(NOISE) ? ScoreMatching.Weight.NOISE : ScoreMatching.Weight.LIKELIHOOD;
    DenoisingScoreMatching objective = new DenoisingScoreMatching(weight, ROUNDING, PREFIXES);
    String fingerprint =
        "%s %s %s %d steps of %d, seed %d"
            .formatted(
                config,
                objective,
                plan.optimizer(),
                plan.optimizerSteps(),
                plan.batchSize(),
                plan.seed());
    ScoreTrainer trainer =
        checkpoint == null
            ? new ScoreTrainer(
                network(plan, config),
                objective,
                plan.optimizer(),
                plan.optimizerSteps(),
                plan.seed())
            : resume(plan, config, objective, fingerprint, checkpoint);
    return new ScoreRun(plan, fingerprint, training, trainer);
  }

  private static DsmConfig config(MethodPlan plan, MethodChoice choice) {
    return switch (plan.start()) {
      case Start.Fresh(NetworkSize size) -> fresh(size, choice);
      case Start.From(Path model) -> earlier(choice, model);
    };
  }

  private static DsmConfig fresh(NetworkSize size, MethodChoice choice) {
    ScoreSchedule schedule = ScoreSchedule.named(choice.schedule());
    return new DsmConfig(
        size.tokens() + 1,
        Math.min(COORDINATES, size.width()),
        size.layers(),
        size.width(),
        size.heads(),
        size.feedForward(),
        size.contextLength(),
        schedule.process(),
        schedule.clocks());
  }

  private static ScoreTransformer network(MethodPlan plan, DsmConfig config) {
    return switch (plan.start()) {
      case Start.Fresh ignored -> ScoreTransformer.random(config, plan.seed());
      case Start.From(Path model) -> {
        try (Safetensors file = ModelDirectory.at(model).openWeights()) {
          yield ScoreTransformer.forTraining(config, ScoreTransformer.weights(config, file, ""));
        }
      }
    };
  }

  private static ScoreTrainer resume(
      MethodPlan plan,
      DsmConfig config,
      DenoisingScoreMatching objective,
      String fingerprint,
      Path checkpoint) {
    try (Safetensors file = TrainingState.open(checkpoint)) {
      if (!TrainingState.of(file).plan().equals(fingerprint)) {
        throw new IllegalArgumentException(
            checkpoint + " was made under another plan; resume it with its own");
      }
      return ScoreTrainer.resume(
          config, objective, plan.optimizer(), plan.optimizerSteps(), plan.seed(), file);
    }
  }
}
