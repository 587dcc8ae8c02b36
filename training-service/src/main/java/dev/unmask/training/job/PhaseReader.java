package dev.unmask.training.job;

import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.MethodChoice;
import dev.unmask.lm.family.MethodOptions;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.training.api.SubmitJob.ModelSpec;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what is trained one after the other; every method of the library can be named. */
final class PhaseReader {
  private static final int MOST_PHASES = 16;
  private static final int LARGEST_BLOCK = 256;
  private static final String DEFAULT = "ar";
  private static final String DEFAULT_SECOND = "block-diffusion";
  private static final double DEFAULT_SHARE = 0.6;

  private final @Nullable ModelSpec model;
  private final boolean countsSteps;
  private final List<TrainingMethod> methods = Families.methods();

  private PhaseReader(@Nullable ModelSpec model, boolean countsSteps) {
    this.model = model;
    this.countsSteps = countsSteps;
  }

  /**
   * The phases of a document, every default filled in.
   *
   * @param model shape of a fresh network, null if an earlier one is trained on
   */
  static List<PhaseSpec> read(SpecFields root, @Nullable ModelSpec model) {
    if (!root.has("phases")) {
      int block = Families.method(DEFAULT_SECOND).options().blockSize();
      return List.of(
          new PhaseSpec(
              DEFAULT, null, null, null, null, null, MethodOptions.TEXT, null, DEFAULT_SHARE, null),
          new PhaseSpec(DEFAULT_SECOND, block, null, 1 - DEFAULT_SHARE, null));
    }
    List<SpecFields> items = root.list("phases", MOST_PHASES);
    boolean countsSteps = items.stream().anyMatch(item -> item.has("steps"));
    return new PhaseReader(model, countsSteps).phases(items);
  }

  private List<PhaseSpec> phases(List<SpecFields> items) {
    List<PhaseSpec> phases = new ArrayList<>();
    String network = null;
    for (SpecFields item : items) {
      PhaseSpec phase = phase(item);
      String trained = Families.method(phase.method()).network(MethodChoices.of(phase));
      if (network != null && !network.equals(trained)) {
        item.fault(
            "method",
            "trains "
                + trained
                + ", the first phase "
                + network
                + ": give it a job of its own, or phases of one kind of network");
      }
      network = network == null ? trained : network;
      phases.add(phase);
    }
    return phases;
  }

  private PhaseSpec phase(SpecFields item) {
    List<String> names = methods.stream().map(TrainingMethod::name).toList();
    if (!item.has("method")) {
      item.fault("method", "is required, one of " + names);
    }
    String method = item.choice("method", DEFAULT, names);
    MethodOptions options = Families.method(method).options();
    MethodChoice defaults = options.defaults();
    Integer blockSize = blockSize(item, method, options.blockSize());
    String loss = choice(item, "loss", method, options.losses(), defaults.loss());
    String schedule = choice(item, "schedule", method, options.schedules(), defaults.schedule());
    String graph = choice(item, "graph", method, options.graphs(), defaults.graph());
    String clip = choice(item, "clip", method, options.clips(), defaults.clip());
    String data = choice(item, "data", method, options.data(), defaults.data());
    Double unconditional = unconditional(item, method, options, data);
    Double share = null;
    Integer steps = null;
    if (countsSteps) {
      steps = steps(item);
    } else {
      share = item.number("share", 1, "(0, 1000]", v -> v > 0 && v <= 1000);
    }
    item.refuseUnknown();
    return new PhaseSpec(
        method, blockSize, loss, schedule, graph, clip, data, unconditional, share, steps);
  }

  private static int steps(SpecFields item) {
    if (item.has("share")) {
      item.fault("share", "cannot stand beside steps: give every phase steps, or none");
    }
    if (!item.has("steps")) {
      item.fault("steps", "is required, because another phase counts steps");
    }
    return item.integer("steps", 1, 1, 100_000_000);
  }

  private @Nullable Integer blockSize(SpecFields item, String method, int defaultSize) {
    if (defaultSize == 0) {
      refuse(item, "blockSize", method, methods.stream().filter(m -> m.options().blockSize() > 0));
      return null;
    }
    int size = item.integer("blockSize", defaultSize, 1, LARGEST_BLOCK);
    Integer context = model == null ? null : model.contextLength();
    if (context != null && context % size != 0) {
      item.fault("blockSize", "must divide model.contextLength " + context + ", was " + size);
    }
    return size;
  }

  private @Nullable String choice(
      SpecFields item, String field, String method, List<String> known, String first) {
    if (known.isEmpty()) {
      refuse(item, field, method, methods.stream().filter(m -> offers(m.options(), field)));
      return null;
    }
    return item.choice(field, first, known);
  }

  private @Nullable Double unconditional(
      SpecFields item, String method, MethodOptions options, @Nullable String data) {
    String field = "unconditional";
    if (!options.guided()) {
      refuse(item, field, method, methods.stream().filter(m -> m.options().guided()));
      return null;
    }
    if (!MethodOptions.ANSWERS.equals(data)) {
      if (item.has(field)) {
        item.fault(
            field,
            "hides prompts, and text has none: leave it out, or set data to "
                + MethodOptions.ANSWERS);
      }
      return null;
    }
    return item.number(field, 0, "[0, 1)", v -> v >= 0 && v < 1);
  }

  private static boolean offers(MethodOptions options, String field) {
    return switch (field) {
      case "loss" -> !options.losses().isEmpty();
      case "schedule" -> !options.schedules().isEmpty();
      case "clip" -> !options.clips().isEmpty();
      case "data" -> !options.data().isEmpty();
      default -> !options.graphs().isEmpty();
    };
  }

  private static void refuse(
      SpecFields item, String field, String method, Stream<TrainingMethod> have) {
    if (item.has(field)) {
      item.fault(
          field,
          "is not an option of "
              + method
              + ", but of "
              + have.map(TrainingMethod::name).toList()
              + ": leave it out");
    }
  }
}
