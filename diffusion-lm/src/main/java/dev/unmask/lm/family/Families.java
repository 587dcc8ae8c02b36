package dev.unmask.lm.family;

import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.ar.ArFamily;
import dev.unmask.lm.family.bd3lm.Bd3Family;
import dev.unmask.lm.family.dream.DreamFamily;
import dev.unmask.lm.family.dsm.DsmFamily;
import dev.unmask.lm.family.fastdllm2.FastDllm2Family;
import dev.unmask.lm.family.llada.LladaFamily;
import dev.unmask.lm.family.mdlm.MdlmFamily;
import dev.unmask.lm.family.radd.RaddFamily;
import dev.unmask.lm.family.sdar.SdarFamily;
import dev.unmask.lm.family.sedd.SeddFamily;
import dev.unmask.lm.family.smdm.SmdmFamily;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.List;

/** The registered families. Adding one is a package of its own and a line here. */
public final class Families {
  private static final List<ModelFamily> ALL =
      List.of(
          new ArFamily(),
          new OwnFamily(),
          new RaddFamily(),
          new SeddFamily(),
          new MdlmFamily(),
          new SmdmFamily(),
          new LladaFamily(),
          new DreamFamily(),
          new Bd3Family(),
          new SdarFamily(),
          new FastDllm2Family(),
          new DsmFamily());

  /** Field of {@code config.json} in which the trainer names the family of a model. */
  public static final String FAMILY = "family";

  private Families() {}

  public static List<ModelFamily> all() {
    return ALL;
  }

  /**
   * The family of a model directory's configuration.
   *
   * @throws IllegalArgumentException if no family recognises it, naming those that are known
   */
  public static ModelFamily of(JsonObject config) {
    if (config.has(FAMILY)) {
      return named(config.get(FAMILY).getAsString());
    }
    return ALL.stream()
        .filter(family -> family.recognises(config))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "config.json is of no known family; model_type was "
                        + config.get("model_type")
                        + ", known are "
                        + names()));
  }

  /** Every way to train, by the order of the families. */
  public static List<TrainingMethod> methods() {
    return ALL.stream().flatMap(family -> family.methods().stream()).toList();
  }

  /**
   * The method of a name.
   *
   * @throws IllegalArgumentException if there is none, naming those that are known
   */
  public static TrainingMethod method(String name) {
    return methods().stream()
        .filter(method -> method.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "method was "
                        + name
                        + ", known are "
                        + methods().stream().map(TrainingMethod::name).toList()));
  }

  private static ModelFamily named(String name) {
    return ALL.stream()
        .filter(family -> family.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "config.json: family was " + name + ", known are " + names()));
  }

  private static List<String> names() {
    return ALL.stream().map(ModelFamily::name).toList();
  }

  /** Opens a model directory of any family, as {@link ModelFamily#open}. */
  public static DiffusionModel open(Path directory, PrecisionChoice precision) {
    ModelDirectory model = ModelDirectory.at(directory);
    return of(model.config()).open(model, precision);
  }
}
