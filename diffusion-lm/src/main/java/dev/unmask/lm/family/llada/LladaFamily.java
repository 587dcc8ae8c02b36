package dev.unmask.lm.family.llada;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.Generator;
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

/** Published LLaDA checkpoints (arXiv:2502.09992). */
public final class LladaFamily implements ModelFamily {
  @Override
  public String name() {
    return "llada";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return LladaConfig.recognises(config);
  }

  @Override
  public LladaModel open(ModelDirectory directory, PrecisionChoice precision) {
    return open(directory, Tokenizers.load(directory.path()), precision);
  }

  /** As {@link #open(ModelDirectory, PrecisionChoice)} with a tokenizer at hand. */
  static LladaModel open(ModelDirectory directory, Tokenizer tokenizer, PrecisionChoice precision) {
    Backbone network =
        BackboneLoader.open(
            directory, BackboneConfigJson.readOr(directory.config(), LladaConfig::read), precision);
    try {
      return new LladaModel(Generator.of(network, tokenizer));
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private static final double SHORTENED = 0.01;

  @Override
  public Optional<BackboneConfig> network(JsonObject config) {
    return Optional.of(BackboneConfigJson.readOr(config, LladaConfig::read));
  }

  @Override
  public List<TrainingMethod> methods() {
    return List.of(
        BackboneMethod.of(
            "llada",
            name(),
            MethodOptions.NONE.withGuidedAnswers(),
            NetworkKind.PLAIN,
            (choice, tokenizer) -> objective(choice)));
  }

  private static Objective objective(MethodChoice choice) {
    return choice.learnsAnswers()
        ? new AnswerMasking(Mean.PER_ANSWER, choice.unconditional())
        : new LinearMasking(Alignment.SAME_POSITION, SHORTENED);
  }
}
