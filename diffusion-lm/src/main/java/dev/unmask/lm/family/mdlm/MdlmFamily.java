package dev.unmask.lm.family.mdlm;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.DitLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.BackboneMethod;
import dev.unmask.lm.family.MethodChoice;
import dev.unmask.lm.family.MethodOptions;
import dev.unmask.lm.family.ModelFamily;
import dev.unmask.lm.family.NetworkKind;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionCalibration.Use;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;
import java.util.Optional;

/** Published MDLM checkpoints ({@code mdlm-owt}). */
public final class MdlmFamily implements ModelFamily {
  @Override
  public String name() {
    return "mdlm";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return config.has("model_type") && config.get("model_type").getAsString().equals("mdlm");
  }

  @Override
  public DiffusionModel open(ModelDirectory directory, PrecisionChoice choice) {
    BackboneConfig config = BackboneConfigJson.readOr(directory.config(), DitLoader::config);
    Tokenizer tokenizer = Tokenizers.load(directory.path());
    Precision precision =
        PrecisionCalibration.resolve(
            choice, BackboneLoader.products(config, config.contextLength()), Use.DECODING);
    return new MdlmModel(DitLoader.load(config, directory, precision), tokenizer);
  }

  @Override
  public Optional<BackboneConfig> network(JsonObject config) {
    return Optional.of(BackboneConfigJson.readOr(config, DitLoader::config));
  }

  @Override
  public List<TrainingMethod> methods() {
    return List.of(
        BackboneMethod.of(
            "mdlm",
            name(),
            MethodOptions.NONE.withLosses("continuous", "importance-sampled"),
            NetworkKind.CONDITIONED,
            (choice, tokenizer) -> new Nelbo(new NoiseSchedule.LogLinear(), timing(choice))));
  }

  private static Nelbo.Timing timing(MethodChoice choice) {
    return choice.loss().equals("continuous")
        ? new Nelbo.Timing.Continuous()
        : new Nelbo.Timing.ImportanceSampled();
  }
}
