package dev.unmask.lm.family;

import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.torch.PrecisionChoice;

/** Models written by the trainer: their configuration says how they attend and decode. */
final class OwnFamily implements ModelFamily {
  @Override
  public String name() {
    return "unmask";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return config.has("attention_layout");
  }

  @Override
  public DiffusionModel open(ModelDirectory directory, PrecisionChoice precision) {
    return Generator.open(directory.path(), precision);
  }
}
