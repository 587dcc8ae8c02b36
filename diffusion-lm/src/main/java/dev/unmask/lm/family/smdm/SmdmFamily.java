package dev.unmask.lm.family.smdm;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.CanvasModel;
import dev.unmask.lm.decoding.FilteredSampler.Scoring;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.family.ModelFamily;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.PrecisionChoice;

/** Published SMDM checkpoints. */
public final class SmdmFamily implements ModelFamily {
  @Override
  public String name() {
    return "smdm";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return SmdmConfig.recognises(config);
  }

  @Override
  public CanvasModel open(ModelDirectory directory, PrecisionChoice precision) {
    return open(directory, Tokenizers.load(directory.path()), precision);
  }

  /** As {@link #open(ModelDirectory, PrecisionChoice)} with a tokenizer at hand. */
  static CanvasModel open(
      ModelDirectory directory, Tokenizer tokenizer, PrecisionChoice precision) {
    Backbone network =
        BackboneLoader.open(directory, SmdmConfig.read(directory.config()), precision);
    try {
      return new CanvasModel(Generator.of(network, tokenizer), Scoring.UNSCALED);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }
}
