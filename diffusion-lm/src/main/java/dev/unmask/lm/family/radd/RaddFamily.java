package dev.unmask.lm.family.radd;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.RaddLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.family.ModelFamily;
import dev.unmask.lm.torch.PrecisionChoice;

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
}
