package dev.unmask.lm.family.radd;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.RaddLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.family.BackboneMethod;
import dev.unmask.lm.family.MethodChoice;
import dev.unmask.lm.family.MethodOptions;
import dev.unmask.lm.family.ModelFamily;
import dev.unmask.lm.family.NetworkKind;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.objective.MaskedDenoising;
import dev.unmask.lm.objective.MaskedDenoising.Weighting;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Published RADD checkpoints. */
public final class RaddFamily implements ModelFamily {
  @Override
  public String name() {
    return "radd";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return RaddLoader.recognises(config);
  }

  @Override
  public DiffusionModel open(ModelDirectory directory, PrecisionChoice precision) {
    return Generator.open(directory.path(), precision);
  }

  @Override
  public Optional<BackboneConfig> network(JsonObject config) {
    return Optional.of(BackboneConfigJson.readOr(config, RaddLoader::config));
  }

  @Override
  public List<TrainingMethod> methods() {
    return List.of(
        BackboneMethod.of(
            "radd",
            name(),
            MethodOptions.NONE.withLosses("lambda", "t", "k"),
            NetworkKind.PLAIN,
            (choice, tokenizer) -> new MaskedDenoising(weighting(choice))));
  }

  private static Weighting weighting(MethodChoice choice) {
    return Weighting.valueOf(choice.loss().toUpperCase(Locale.ROOT));
  }
}
