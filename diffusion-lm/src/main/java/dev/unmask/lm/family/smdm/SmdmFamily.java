package dev.unmask.lm.family.smdm;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.CanvasAlgorithms;
import dev.unmask.lm.decoding.CanvasModel;
import dev.unmask.lm.decoding.FilteredSampler.Scoring;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.policy.RankedReveals.Score;
import dev.unmask.lm.family.BackboneMethod;
import dev.unmask.lm.family.MethodChoice;
import dev.unmask.lm.family.MethodOptions;
import dev.unmask.lm.family.ModelFamily;
import dev.unmask.lm.family.NetworkKind;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.objective.AnswerMasking;
import dev.unmask.lm.objective.AnswerMasking.Mean;
import dev.unmask.lm.objective.LinearMasking;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;
import java.util.Optional;

/** Published SMDM checkpoints. */
public final class SmdmFamily implements ModelFamily {
  @Override
  public String name() {
    return "smdm";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return SmdmConfig.recognises(config);
  }

  @Override
  public CanvasModel open(ModelDirectory directory, PrecisionChoice precision) {
    return open(directory, Tokenizers.load(directory.path()), precision);
  }

  /** As {@link #open(ModelDirectory, PrecisionChoice)} with a tokenizer at hand. */
  static CanvasModel open(
      ModelDirectory directory, Tokenizer tokenizer, PrecisionChoice precision) {
    Backbone network =
        BackboneLoader.open(
            directory, BackboneConfigJson.readOr(directory.config(), SmdmConfig::read), precision);
    try {
      return new CanvasModel(
          Generator.of(network, tokenizer),
          Scoring.UNSCALED,
          List.of(CanvasAlgorithms.origin(), CanvasAlgorithms.ranked("greedy", Score.CONFIDENCE)));
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private static final double SHORTENED = 0.01;

  @Override
  public Optional<BackboneConfig> network(JsonObject config) {
    return Optional.of(BackboneConfigJson.readOr(config, SmdmConfig::read));
  }

  @Override
  public List<TrainingMethod> methods() {
    return List.of(
        BackboneMethod.of(
            "smdm",
            name(),
            MethodOptions.NONE.withGuidedAnswers(),
            NetworkKind.PLAIN,
            (choice, tokenizer) -> objective(choice)));
  }

  private static Objective objective(MethodChoice choice) {
    return choice.learnsAnswers()
        ? new AnswerMasking(Mean.PER_TOKEN, choice.unconditional())
        : new LinearMasking(Alignment.SAME_POSITION, SHORTENED);
  }
}
