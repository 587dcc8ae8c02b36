package dev.unmask.lm.family.bd3lm;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.DitLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.BackboneMethod;
import dev.unmask.lm.family.MethodChoice;
import dev.unmask.lm.family.MethodOptions;
import dev.unmask.lm.family.ModelFamily;
import dev.unmask.lm.family.NetworkKind;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionCalibration.Use;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;
import java.util.Optional;

/** Published BD3-LM checkpoints ({@code bd3lm-owt-block_size4} and its kin). */
public final class Bd3Family implements ModelFamily {
  private static final String NOT_CLIPPED = "none";
  private static final String SEARCHED = "search";

  @Override
  public String name() {
    return "bd3lm";
  }

  @Override
  public boolean recognises(JsonObject config) {
    return config.has("model_type") && config.get("model_type").getAsString().equals("bd3lm");
  }

  /** The shape in a {@code config.json}; decoding block by block. */
  static BackboneConfig config(JsonObject json) {
    if (!json.has("block_size")) {
      throw new IllegalArgumentException("config.json of a BD3-LM model needs block_size");
    }
    return DitLoader.config(json)
        .decodingBy(Layout.BLOCK_CAUSAL, json.get("block_size").getAsInt());
  }

  @Override
  public DiffusionModel open(ModelDirectory directory, PrecisionChoice choice) {
    BackboneConfig config = BackboneConfigJson.readOr(directory.config(), Bd3Family::config);
    Tokenizer tokenizer = Tokenizers.load(directory.path());
    Precision precision =
        PrecisionCalibration.resolve(
            choice, BackboneLoader.products(config, config.contextLength()), Use.DECODING);
    return new Bd3Model(DitLoader.load(config, directory, precision), tokenizer);
  }

  @Override
  public Optional<BackboneConfig> network(JsonObject config) {
    return Optional.of(BackboneConfigJson.readOr(config, Bd3Family::config));
  }

  @Override
  public List<TrainingMethod> methods() {
    return List.of(
        BackboneMethod.of(
            "bd3lm",
            name(),
            MethodOptions.blocks(4)
                .withClips(NOT_CLIPPED, "paper", SEARCHED)
                .withSchedules("linear", "cosine", "square", "logarithmic"),
            NetworkKind.CONDITIONED,
            (choice, tokenizer) -> objective(choice)));
  }

  private static Objective objective(MethodChoice choice) {
    ClippedBlockDiffusion all =
        new ClippedBlockDiffusion(choice.blockSize(), noise(choice), Clipping.FULL, false, false);
    return switch (choice.clip()) {
      case NOT_CLIPPED -> all;
      case SEARCHED -> new SearchedBlockDiffusion(all);
      default -> all.withClipping(Clipping.found(choice.blockSize()));
    };
  }

  private static BlockNoise noise(MethodChoice choice) {
    return switch (choice.schedule()) {
      case "cosine" -> new BlockNoise.Cosine();
      case "square" -> new BlockNoise.Power(2);
      case "logarithmic" -> new BlockNoise.Logarithmic();
      default -> new BlockNoise.Linear();
    };
  }
}
