package dev.unmask.lm.family.mdlm;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.DitLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.ModelFamily;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionChoice;

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
    BackboneConfig config = DitLoader.config(directory.config());
    Tokenizer tokenizer = Tokenizers.load(directory.path());
    Precision precision =
        PrecisionCalibration.resolve(
            choice, BackboneLoader.products(config, config.contextLength()));
    return new MdlmModel(DitLoader.load(config, directory, precision), tokenizer);
  }
}
