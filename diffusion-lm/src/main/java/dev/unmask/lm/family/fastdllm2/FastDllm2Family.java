package dev.unmask.lm.family.fastdllm2;

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
import dev.unmask.lm.family.fastdllm2.FastDllm2Model.Compat;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;
import java.util.Optional;

/** Published Fast-dLLM v2 checkpoints (arXiv:2509.26328). */
public final class FastDllm2Family implements ModelFamily {
  @Override
  public String name() {
    return "fastdllm2";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return FastDllm2Config.recognises(config);
  }

  @Override
  public FastDllm2Model open(ModelDirectory directory, PrecisionChoice precision) {
    return open(directory, precision, Compat.CLEAN);
  }

  /** As {@link #open(ModelDirectory, PrecisionChoice)}, decoding as the published code does. */
  public FastDllm2Model open(ModelDirectory directory, PrecisionChoice precision, Compat compat) {
    Tokenizer tokenizer = Tokenizers.load(directory.path());
    BackboneConfig config = BackboneConfigJson.readOr(directory.config(), FastDllm2Config::read);
    if (!config.vocabulary().hasMask()) {
      config = config.maskedBy(tokenizer.maskId());
    }
    Backbone backbone = BackboneLoader.open(directory, config, precision);
    try {
      return FastDllm2Model.of(backbone, tokenizer, EndTokens.of(directory, tokenizer), compat);
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
  }

  @Override
  public Optional<BackboneConfig> network(JsonObject config) {
    return Optional.of(BackboneConfigJson.readOr(config, FastDllm2Config::read));
  }

  @Override
  public List<TrainingMethod> methods() {
    return List.of(
        BackboneMethod.of(
            "fast-dllm-v2",
            name(),
            MethodOptions.blocks(32).withAnswers(),
            NetworkKind.PLAIN,
            (choice, tokenizer) -> new ComplementaryBlockDiffusion(choice.blockSize())));
  }
}
