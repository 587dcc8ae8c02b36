package dev.unmask.lm.family.sdar;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.family.BackboneMethod;
import dev.unmask.lm.family.EndTokens;
import dev.unmask.lm.family.MethodOptions;
import dev.unmask.lm.family.ModelFamily;
import dev.unmask.lm.family.NetworkKind;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.family.sdar.SdarModel.Compat;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;
import java.util.Optional;

/** Published SDAR checkpoints (arXiv:2510.06303). */
public final class SdarFamily implements ModelFamily {
  @Override
  public String name() {
    return "sdar";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return SdarConfig.recognises(config);
  }

  @Override
  public SdarModel open(ModelDirectory directory, PrecisionChoice precision) {
    return open(directory, precision, Compat.CLEAN);
  }

  /** As {@link #open(ModelDirectory, PrecisionChoice)}, decoding as the published code does. */
  public SdarModel open(ModelDirectory directory, PrecisionChoice precision, Compat compat) {
    Tokenizer tokenizer = Tokenizers.load(directory.path());
    Backbone backbone =
        BackboneLoader.open(
            directory, BackboneConfigJson.readOr(directory.config(), SdarConfig::read), precision);
    try {
      return SdarModel.of(backbone, tokenizer, EndTokens.of(directory, tokenizer), compat);
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
  }

  @Override
  public Optional<BackboneConfig> network(JsonObject config) {
    return Optional.of(BackboneConfigJson.readOr(config, SdarConfig::read));
  }

  @Override
  public List<TrainingMethod> methods() {
    return List.of(
        BackboneMethod.of(
            "sdar",
            name(),
            MethodOptions.blocks(4).withAnswers(),
            NetworkKind.PLAIN,
            (choice, tokenizer) ->
                new PackedBlockDiffusion(choice.blockSize(), tokenizer.endOfText())));
  }
}
