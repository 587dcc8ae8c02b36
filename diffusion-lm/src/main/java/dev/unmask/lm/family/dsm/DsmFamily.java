package dev.unmask.lm.family.dsm;

import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.ModelFamily;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;

/** Score networks of text; written by {@link ScoreTrainer}. They compute in float32. */
public final class DsmFamily implements ModelFamily {
  @Override
  public String name() {
    return "dsm";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return isScoreNetwork(config);
  }

  static boolean isScoreNetwork(JsonObject config) {
    return config.has("model_type")
        && config.get("model_type").getAsString().equals(DsmConfig.MODEL_TYPE);
  }

  @Override
  public List<TrainingMethod> methods() {
    return List.of(new ScoreMethod());
  }

  @Override
  public DiffusionModel open(ModelDirectory directory, PrecisionChoice precision) {
    if (precision == PrecisionChoice.INT8) {
      throw new IllegalArgumentException(
          "precision int8 is not for continuous diffusion; take auto or f32");
    }
    DsmConfig config = DsmConfig.read(directory.config());
    Tokenizer tokenizer = Tokenizers.load(directory.path());
    try (Safetensors file = directory.openWeights()) {
      return new DsmModel(ScoreTransformer.read(config, file), tokenizer);
    }
  }
}
