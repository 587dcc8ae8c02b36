package dev.unmask.lm.family.ar;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.AnswerEnd;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.family.BackboneMethod;
import dev.unmask.lm.family.EndTokens;
import dev.unmask.lm.family.MethodOptions;
import dev.unmask.lm.family.ModelFamily;
import dev.unmask.lm.family.NetworkKind;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;
import java.util.Optional;

/**
 * Models that predict the next token: Llama, Qwen2 and Qwen3 checkpoints, and those that the
 * trainer leaves behind an autoregressive phase.
 */
public final class ArFamily implements ModelFamily {
  @Override
  public String name() {
    return "ar";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return BackboneConfigJson.isOwn(config)
        ? BackboneConfigJson.read(config).layout() == Layout.CAUSAL
        : ArConfig.recognises(config);
  }

  @Override
  public Optional<BackboneConfig> network(JsonObject config) {
    return Optional.of(BackboneConfigJson.readOr(config, ArConfig::read));
  }

  /**
   * Causal attention is block-causal attention with blocks of one token, and the next token is what
   * the row to the left predicts: the engine of block diffusion decodes it, keys and values kept.
   */
  @Override
  public DiffusionModel open(ModelDirectory directory, PrecisionChoice precision) {
    Tokenizer tokenizer = Tokenizers.load(directory.path());
    BackboneConfig read = BackboneConfigJson.readOr(directory.config(), ArConfig::read);
    BackboneConfig config = fillable(read, tokenizer).decodingBy(Decoding.blocks(1).shifted());
    Backbone network = BackboneLoader.open(directory, config, precision);
    try {
      AnswerEnd end = new AnswerEnd(EndTokens.of(directory, tokenizer), false);
      return new ArModel(Generator.of(network, tokenizer, end));
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /** With a mask token where the embedding has a row to spare; decoding does not need one. */
  private static BackboneConfig fillable(BackboneConfig config, Tokenizer tokenizer) {
    boolean room = tokenizer.maskId() < config.vocabularySize();
    return config.vocabulary().hasMask() || !room ? config : config.maskedBy(tokenizer.maskId());
  }

  @Override
  public List<TrainingMethod> methods() {
    return List.of(
        BackboneMethod.of(
            "ar",
            name(),
            MethodOptions.NONE.withAnswers(),
            NetworkKind.PLAIN,
            (choice, tokenizer) -> new Autoregressive()));
  }
}
