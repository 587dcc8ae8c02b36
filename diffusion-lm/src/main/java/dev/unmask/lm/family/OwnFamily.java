package dev.unmask.lm.family;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.objective.BlockDiffusion;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;
import java.util.Optional;

/** Models written by the trainer: their configuration says how they attend and decode. */
final class OwnFamily implements ModelFamily {
  @Override
  public String name() {
    return "unmask";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return BackboneConfigJson.isOwn(config);
  }

  @Override
  public DiffusionModel open(ModelDirectory directory, PrecisionChoice precision) {
    return Generator.open(directory.path(), precision);
  }

  @Override
  public Optional<BackboneConfig> network(JsonObject config) {
    return Optional.of(BackboneConfigJson.read(config));
  }

  @Override
  public List<TrainingMethod> methods() {
    return List.of(
        BackboneMethod.of(
            "block-diffusion",
            name(),
            MethodOptions.blocks(4),
            NetworkKind.PLAIN,
            (choice, tokenizer) -> new BlockDiffusion(choice.blockSize())));
  }
}
