package dev.unmask.lm.family.dream;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.CanvasAlgorithms;
import dev.unmask.lm.decoding.CanvasModel;
import dev.unmask.lm.decoding.FilteredSampler.Scoring;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.policy.RankedReveals.Score;
import dev.unmask.lm.family.BackboneMethod;
import dev.unmask.lm.family.MethodOptions;
import dev.unmask.lm.family.ModelFamily;
import dev.unmask.lm.family.NetworkKind;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;
import java.util.Optional;

/** Published Dream checkpoints. */
public final class DreamFamily implements ModelFamily {
  @Override
  public String name() {
    return "dream";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return DreamConfig.recognises(config);
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
            directory, BackboneConfigJson.readOr(directory.config(), DreamConfig::read), precision);
    try {
      return new CanvasModel(
          Generator.of(network, tokenizer),
          Scoring.FILTERED,
          List.of(
              CanvasAlgorithms.origin(),
              CanvasAlgorithms.ranked("maskgit_plus", Score.CONFIDENCE),
              CanvasAlgorithms.ranked("topk_margin", Score.MARGIN),
              CanvasAlgorithms.ranked("entropy", Score.NEGATIVE_ENTROPY),
              CanvasAlgorithms.carried("confidence_threshold", 0.9)));
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  @Override
  public Optional<BackboneConfig> network(JsonObject config) {
    return Optional.of(BackboneConfigJson.readOr(config, DreamConfig::read));
  }

  @Override
  public List<TrainingMethod> methods() {
    return List.of(
        BackboneMethod.of(
            "dream",
            name(),
            MethodOptions.NONE.withAnswers(),
            NetworkKind.PLAIN,
            (choice, tokenizer) -> new ContextAdaptiveDenoising()));
  }
}
