package dev.unmask.lm.family;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.family.MethodPlan.Phase;
import dev.unmask.lm.family.MethodPlan.Start;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import dev.unmask.lm.trainer.Trainer;
import dev.unmask.lm.trainer.TrainingPhase;
import dev.unmask.lm.trainer.TrainingPlan;
import dev.unmask.lm.trainer.TrainingRun;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A method that is an objective over a transformer of this library.
 *
 * @param kind of network for a choice
 * @param lesson the objective of a choice
 * @param facts what {@code config.json} says of a trained model beside its shape: its family, and
 *     what that needs to decode
 */
public record BackboneMethod(
    String name,
    MethodOptions options,
    Function<MethodChoice, NetworkKind> kind,
    Lesson lesson,
    Function<MethodChoice, JsonObject> facts)
    implements TrainingMethod {

  /** Makes the objective of a choice. */
  @FunctionalInterface
  public interface Lesson {
    Objective of(MethodChoice choice, Tokenizer tokenizer);
  }

  /** A method of one kind of network whose models a family opens by their shape alone. */
  public static BackboneMethod of(
      String name, String family, MethodOptions options, NetworkKind kind, Lesson lesson) {
    return new BackboneMethod(name, options, any -> kind, lesson, any -> facts(family));
  }

  /** The facts of a family that needs nothing but its name. */
  public static JsonObject facts(String family) {
    JsonObject facts = new JsonObject();
    facts.addProperty(Families.FAMILY, family);
    return facts;
  }

  @Override
  public String network(MethodChoice choice) {
    return kind.apply(choice).description();
  }

  @Override
  public boolean recomputes(MethodChoice choice) {
    return kind.apply(choice) == NetworkKind.PLAIN;
  }

  @Override
  public long parameterCount(MethodChoice choice, NetworkSize size) {
    return kind.apply(choice).shape(size).parameterCount();
  }

  @Override
  public int contextLength(MethodChoice choice, Path modelDirectory) {
    return fitting(kind.apply(choice), ModelDirectory.at(modelDirectory)).contextLength();
  }

  @Override
  public TrainingRun open(MethodPlan plan, PackedSequences training, @Nullable Path checkpoint) {
    TrainingPlan trained =
        new TrainingPlan(
            backbone(plan),
            phases(plan),
            plan.optimizer(),
            plan.batchSize(),
            plan.seed(),
            plan.precision(),
            plan.activations());
    if (checkpoint != null) {
      return Trainer.resume(trained, training, checkpoint);
    }
    return switch (plan.start()) {
      case Start.Fresh ignored -> Trainer.start(trained, training);
      case Start.From(Path model) ->
          Trainer.startFrom(
              trained, training, earlier(ModelDirectory.at(model)), ModelDirectory.at(model));
    };
  }

  @Override
  public String toString() {
    return name;
  }

  private static BackboneConfig backbone(MethodPlan plan) {
    Phase first = plan.phases().getFirst();
    BackboneMethod method = (BackboneMethod) first.method();
    NetworkKind kind = method.kind().apply(first.choice());
    return switch (plan.start()) {
      case Start.Fresh(NetworkSize size) -> kind.shape(size);
      case Start.From(Path model) -> method.fitting(kind, ModelDirectory.at(model));
    };
  }

  private BackboneConfig fitting(NetworkKind kind, ModelDirectory model) {
    BackboneConfig earlier = masked(earlier(model), kind, model);
    if (!kind.fits(earlier)) {
      throw new IllegalArgumentException(
          "method %s trains %s, the earlier model is another kind of network"
              .formatted(name, kind.description()));
    }
    return earlier;
  }

  /** The shape of an earlier model of any family. */
  private static BackboneConfig earlier(ModelDirectory model) {
    JsonObject config = model.config();
    ModelFamily family = Families.of(config);
    return family
        .network(config)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a model of family " + family.name() + " has a network of its own"));
  }

  /** A published next-token model has no mask token: a spare row of its embedding becomes one. */
  private static BackboneConfig masked(
      BackboneConfig earlier, NetworkKind kind, ModelDirectory model) {
    if (kind != NetworkKind.PLAIN || earlier.vocabulary().hasMask()) {
      return earlier;
    }
    int spare = Tokenizers.load(model.path()).maskId();
    if (spare >= earlier.vocabularySize()) {
      throw new IllegalArgumentException(
          "the earlier model has no mask token and no spare row for one: its tokenizer uses all %d"
              .formatted(earlier.vocabularySize()));
    }
    return earlier.maskedBy(spare);
  }

  private static List<TrainingPhase> phases(MethodPlan plan) {
    return plan.phases().stream()
        .map(
            phase -> {
              BackboneMethod method = (BackboneMethod) phase.method();
              return new TrainingPhase(
                  method.lesson().of(phase.choice(), plan.tokenizer()),
                  phase.optimizerSteps(),
                  method.facts().apply(phase.choice()));
            })
        .toList();
  }
}
