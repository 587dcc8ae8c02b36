package dev.unmask.lm.family.sedd;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.DitLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.ModelFamily;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionCalibration.Use;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;
import java.util.Optional;

/** Published SEDD checkpoints ({@code sedd-small}, {@code sedd-medium}). */
public final class SeddFamily implements ModelFamily {
  @Override
  public String name() {
    return "sedd";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return SeddConfig.recognises(config);
  }

  @Override
  public DiffusionModel open(ModelDirectory directory, PrecisionChoice choice) {
    SeddConfig config = SeddConfig.read(directory.config());
    Tokenizer tokenizer = Tokenizers.load(directory.path());
    Precision precision =
        PrecisionCalibration.resolve(
            choice,
            BackboneLoader.products(config.backbone(), config.backbone().contextLength()),
            Use.DECODING);
    return new SeddModel(
        config, DitLoader.load(config.backbone(), directory, precision), tokenizer);
  }

  @Override
  public Optional<BackboneConfig> network(JsonObject config) {
    return Optional.of(SeddConfig.read(config).backbone());
  }

  @Override
  public List<TrainingMethod> methods() {
    return List.of(SeddTraining.METHOD);
  }
}
