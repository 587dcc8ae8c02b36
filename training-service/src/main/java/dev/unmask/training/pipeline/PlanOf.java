package dev.unmask.training.pipeline;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.objective.BlockDiffusion;
import dev.unmask.lm.objective.MaskedDenoising;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.TrainingPhase;
import dev.unmask.lm.trainer.TrainingPlan;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.ModelSpec;
import dev.unmask.training.api.SubmitJob.OptimizerSpec;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The library's plan of a spec whose defaults are filled in. */
final class PlanOf {
  private PlanOf() {}

  static TrainingPlan spec(
      SubmitJob spec, List<Integer> phaseSteps, JobDirectory files, Tokenizer tokenizer) {
    List<PhaseSpec> phases = Objects.requireNonNull(spec.phases());
    List<TrainingPhase> planned = new ArrayList<>();
    for (int i = 0; i < phases.size(); i++) {
      planned.add(new TrainingPhase(objective(phases.get(i)), phaseSteps.get(i)));
    }
    return new TrainingPlan(
        backbone(spec, files, tokenizer),
        planned,
        optimizer(Objects.requireNonNull(spec.optimizer())),
        Objects.requireNonNull(spec.batchSize()),
        Objects.requireNonNull(spec.seed()),
        PrecisionChoice.valueOf(Objects.requireNonNull(spec.precision()).toUpperCase(Locale.ROOT)));
  }

  /** Tokens of a packed sequence. */
  static int contextLength(SubmitJob spec, JobDirectory files) {
    ModelSpec model = spec.model();
    return model == null
        ? earlier(files).contextLength()
        : Objects.requireNonNull(model.contextLength());
  }

  /** How it decodes is decided at export, by the objective trained last. */
  private static BackboneConfig backbone(SubmitJob spec, JobDirectory files, Tokenizer tokenizer) {
    ModelSpec model = spec.model();
    if (model == null) {
      return earlier(files);
    }
    return BackboneConfig.llama(
        tokenizer.vocabularySize() + 1,
        Objects.requireNonNull(model.layers()),
        Objects.requireNonNull(model.width()),
        Objects.requireNonNull(model.heads()),
        Objects.requireNonNull(model.feedForward()),
        Objects.requireNonNull(model.contextLength()),
        0);
  }

  private static BackboneConfig earlier(JobDirectory files) {
    return BackboneLoader.config(ModelDirectory.at(files.base()));
  }

  private static Objective objective(PhaseSpec phase) {
    return switch (phase.method()) {
      case "ar" -> new Autoregressive();
      case "block-diffusion" -> new BlockDiffusion(Objects.requireNonNull(phase.blockSize()));
      case "radd" ->
          new MaskedDenoising(
              MaskedDenoising.Weighting.valueOf(
                  Objects.requireNonNull(phase.loss()).toUpperCase(Locale.ROOT)));
      default -> throw new IllegalArgumentException("unknown method " + phase.method());
    };
  }

  private static OptimizerSettings optimizer(OptimizerSpec spec) {
    OptimizerSettings defaults = OptimizerSettings.of(Objects.requireNonNull(spec.learningRate()));
    return new OptimizerSettings(
        defaults.learningRate(),
        defaults.beta1(),
        defaults.beta2(),
        defaults.epsilon(),
        Objects.requireNonNull(spec.weightDecay()),
        Objects.requireNonNull(spec.clipNorm()),
        Objects.requireNonNull(spec.warmupSteps()),
        switch (Objects.requireNonNull(spec.decay())) {
          case "constant" -> OptimizerSettings.Decay.CONSTANT;
          case "cosine" -> OptimizerSettings.Decay.COSINE;
          default -> OptimizerSettings.Decay.STABLE_THEN_LINEAR;
        },
        Objects.requireNonNull(spec.ema()));
  }
}
