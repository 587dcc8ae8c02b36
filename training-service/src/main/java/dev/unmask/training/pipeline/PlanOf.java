package dev.unmask.training.pipeline;

import dev.unmask.lm.backbone.Activations;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.MethodPlan;
import dev.unmask.lm.family.MethodPlan.Phase;
import dev.unmask.lm.family.MethodPlan.Start;
import dev.unmask.lm.family.NetworkSize;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.ModelSpec;
import dev.unmask.training.api.SubmitJob.OptimizerSpec;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import dev.unmask.training.job.MethodChoices;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The library's plan of a spec whose defaults are filled in. */
final class PlanOf {
  private PlanOf() {}

  static MethodPlan spec(
      SubmitJob spec, List<Integer> phaseSteps, JobDirectory files, Tokenizer tokenizer) {
    List<PhaseSpec> phases = Objects.requireNonNull(spec.phases());
    List<Phase> planned = new ArrayList<>();
    for (int i = 0; i < phases.size(); i++) {
      PhaseSpec phase = phases.get(i);
      planned.add(
          new Phase(Families.method(phase.method()), MethodChoices.of(phase), phaseSteps.get(i)));
    }
    return new MethodPlan(
        planned,
        start(spec, files, tokenizer),
        tokenizer,
        optimizer(Objects.requireNonNull(spec.optimizer())),
        Objects.requireNonNull(spec.batchSize()),
        Objects.requireNonNull(spec.seed()),
        PrecisionChoice.valueOf(Objects.requireNonNull(spec.precision()).toUpperCase(Locale.ROOT)),
        "recomputed".equals(spec.activations()) ? Activations.RECOMPUTED : Activations.KEPT);
  }

  /**
   * Tokens of a packed sequence.
   *
   * @throws JobFailedException if the earlier model is not what the first phase trains
   */
  static int contextLength(SubmitJob spec, JobDirectory files) {
    ModelSpec model = spec.model();
    return model == null
        ? earlierContextLength(Objects.requireNonNull(spec.phases()), files.base())
        : Objects.requireNonNull(model.contextLength());
  }

  private static int earlierContextLength(List<PhaseSpec> phases, Path model) {
    PhaseSpec first = phases.getFirst();
    int length;
    try {
      length = Families.method(first.method()).contextLength(MethodChoices.of(first), model);
    } catch (IllegalArgumentException unfit) {
      throw new JobFailedException(
          "START_MODEL_UNFIT",
          String.valueOf(unfit.getMessage()),
          "submit the job again with another startFrom, or with a method that trains its network");
    }
    for (PhaseSpec phase : phases) {
      Integer size = phase.blockSize();
      if (size != null && length % size != 0) {
        throw new JobFailedException(
            "START_MODEL_UNFIT",
            "blockSize %d does not divide the earlier model's context of %d tokens"
                .formatted(size, length),
            "submit the job again with a blockSize that divides it");
      }
    }
    return length;
  }

  private static Start start(SubmitJob spec, JobDirectory files, Tokenizer tokenizer) {
    ModelSpec model = spec.model();
    if (model == null) {
      return new Start.From(files.base());
    }
    return new Start.Fresh(
        new NetworkSize(
            tokenizer.vocabularySize(),
            Objects.requireNonNull(model.layers()),
            Objects.requireNonNull(model.width()),
            Objects.requireNonNull(model.heads()),
            Objects.requireNonNull(model.feedForward()),
            Objects.requireNonNull(model.contextLength())));
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
