package dev.unmask.training.job;

import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.NetworkSize;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.ModelSpec;
import dev.unmask.training.api.SubmitJob.OptimizerSpec;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import dev.unmask.training.api.SubmitJob.RegisterSpec;
import dev.unmask.training.api.SubmitJob.TokenizerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Turns a submitted document into a spec with every default filled in, or tells all its faults. */
@Component
class SpecReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern TITLE = Pattern.compile("[^\\p{Cntrl}]{1,250}");
  private static final Pattern MODEL =
      Pattern.compile(
          "models:/[A-Za-z0-9][A-Za-z0-9._-]{0,99}(@[A-Za-z0-9_-]{1,255}|/[1-9][0-9]{0,8})");
  private static final Pattern ALIAS =
      Pattern.compile("(?!(?i:latest)$)(?!(?i:v)[0-9]+$)[A-Za-z0-9_-]{1,255}");
  private static final String NAME_RULE =
      "1 to 100 letters, digits, '.', '_' or '-' that begin with a letter or digit";
  private static final int DEFAULT_MINUTES = 5;
  private static final int BYTES = 257;
  private static final int SAMPLES = 2;
  private static final int MOST_SAMPLES = 8;

  private final JobProperties properties;

  SpecReader(JobProperties properties) {
    this.properties = properties;
  }

  /**
   * @param defaultName for a spec without a name
   * @throws UnmaskException SPEC_INVALID with every fault
   */
  SubmitJob read(JsonNode document) {
    List<FieldFault> faults = new ArrayList<>();
    SubmitJob spec = new Reading(new SpecFields(document, "", faults)).spec();
    if (!faults.isEmpty()) {
      throw UnmaskException.ofFields(ErrorCode.SPEC_INVALID, faults);
    }
    return spec;
  }

  /** One document on its way to a spec. */
  private final class Reading {
    private final SpecFields root;
    private final boolean continues;

    Reading(SpecFields root) {
      this.root = root;
      this.continues = root.has("startFrom");
    }

    SubmitJob spec() {
      String corpus = root.text("corpus", TITLE, "the id or name of a corpus");
      if (corpus == null && !root.has("corpus")) {
        root.fault("corpus", "is required: the id or name of an uploaded corpus");
      }
      String name = root.text("name", NAME, NAME_RULE);
      String experiment = root.text("experiment", TITLE, "1 to 250 printable characters");
      TokenizerSpec tokenizer = tokenizer();
      ModelSpec model = model();
      List<PhaseSpec> phases = PhaseReader.read(root, model);
      checkSize(tokenizer, model, phases);
      SubmitJob spec =
          new SubmitJob(
              corpus == null ? "" : corpus,
              name,
              experiment,
              tokenizer,
              model,
              phases,
              minutes(phases),
              root.integer("batchSize", 16, 1, 1024),
              optimizer(),
              root.choice("precision", "auto", List.of("auto", "f32", "bf16")),
              activations(phases),
              root.integer("seed", 0L, Long.MIN_VALUE, Long.MAX_VALUE),
              root.integer("checkpointEverySteps", 50, 1, 100_000),
              root.number("validationFraction", 0.05, "[0.001, 0.5]", v -> v >= 0.001 && v <= 0.5),
              root.text("startFrom", MODEL, "models:/NAME@ALIAS or models:/NAME/VERSION"),
              register(),
              root.integer("samples", SAMPLES, 0, MOST_SAMPLES));
      root.refuseUnknown();
      return spec;
    }

    private @Nullable TokenizerSpec tokenizer() {
      if (continues) {
        refuseBesideStartFrom("tokenizer");
        return null;
      }
      SpecFields fields = root.object("tokenizer");
      String kind = fields.choice("kind", "bpe", List.of("bpe", "byte"));
      Integer vocabulary = null;
      if (kind.equals("bpe")) {
        vocabulary = fields.integer("vocabulary", 1024, 258, 65_535);
      } else if (fields.has("vocabulary")) {
        fields.fault("vocabulary", "belongs to kind bpe: bytes have a fixed vocabulary");
      }
      fields.refuseUnknown();
      return new TokenizerSpec(kind, vocabulary);
    }

    private void refuseBesideStartFrom(String field) {
      if (root.has(field)) {
        root.fault(field, "comes from the earlier model when startFrom is given: leave it out");
      }
    }

    private @Nullable ModelSpec model() {
      if (continues) {
        refuseBesideStartFrom("model");
        return null;
      }
      SpecFields fields = root.object("model");
      int layers = fields.integer("layers", 6, 1, 64);
      int width = fields.integer("width", 192, 8, 8192);
      int heads = fields.integer("heads", 6, 1, 128);
      int feedForward = fields.integer("feedForward", 512, 8, 32_768);
      int contextLength = fields.integer("contextLength", 128, 8, 8192);
      if (width % (2 * heads) != 0) {
        fields.fault(
            "width",
            "must be an even multiple of heads (rotary positions turn pairs), was "
                + width
                + " with "
                + heads
                + " heads");
      }
      fields.refuseUnknown();
      return new ModelSpec(layers, width, heads, feedForward, contextLength);
    }

    /** By the tokens asked for; a small corpus may make fewer. */
    private void checkSize(
        @Nullable TokenizerSpec tokenizer, @Nullable ModelSpec model, List<PhaseSpec> phases) {
      if (model == null || phases.isEmpty() || root.faulty("model")) {
        return;
      }
      Integer vocabulary = tokenizer == null ? null : tokenizer.vocabulary();
      NetworkSize size =
          new NetworkSize(
              vocabulary == null ? BYTES : vocabulary,
              Objects.requireNonNull(model.layers()),
              Objects.requireNonNull(model.width()),
              Objects.requireNonNull(model.heads()),
              Objects.requireNonNull(model.feedForward()),
              Objects.requireNonNull(model.contextLength()));
      PhaseSpec first = phases.getFirst();
      long parameters =
          Families.method(first.method()).parameterCount(MethodChoices.of(first), size);
      if (parameters > properties.maxParameters()) {
        root.fault(
            "model.width",
            "makes a model of "
                + parameters
                + " parameters, this server trains at most "
                + properties.maxParameters()
                + " (unmask.training.job.max-parameters)");
      }
    }

    private @Nullable Double minutes(List<PhaseSpec> phases) {
      if (phases.stream().anyMatch(phase -> phase.steps() != null)) {
        if (root.has("minutes")) {
          root.fault("minutes", "cannot stand beside phases that count steps");
        }
        return null;
      }
      return root.number("minutes", DEFAULT_MINUTES, "(0, 10080]", v -> v > 0 && v <= 10_080);
    }

    private String activations(List<PhaseSpec> phases) {
      String activations = root.choice("activations", "kept", List.of("kept", "recomputed"));
      if (activations.equals("recomputed")) {
        phases.stream()
            .filter(phase -> !Families.method(phase.method()).recomputes(MethodChoices.of(phase)))
            .findFirst()
            .ifPresent(
                phase ->
                    root.fault(
                        "activations",
                        "cannot be recomputed by method "
                            + phase.method()
                            + ", whose network is no plain transformer: take kept"));
      }
      return activations;
    }

    private OptimizerSpec optimizer() {
      SpecFields fields = root.object("optimizer");
      OptimizerSpec optimizer =
          new OptimizerSpec(
              fields.number("learningRate", 0.002, "(0, 1)", v -> v > 0 && v < 1),
              fields.integer("warmupSteps", 40, 0, 1_000_000),
              fields.choice(
                  "decay", "stable-linear", List.of("stable-linear", "cosine", "constant")),
              fields.number("weightDecay", 0.1, "[0, 1)", v -> v >= 0 && v < 1),
              fields.number("clipNorm", 1, "(0, 1000]", v -> v > 0 && v <= 1000),
              fields.number("ema", 0.999, "[0, 1)", v -> v >= 0 && v < 1));
      fields.refuseUnknown();
      return optimizer;
    }

    private RegisterSpec register() {
      SpecFields fields = root.object("register");
      String model = fields.text("model", NAME, NAME_RULE);
      String alias =
          fields.text("alias", ALIAS, "letters, digits, '_' or '-', not 'latest' and no version");
      fields.refuseUnknown();
      return new RegisterSpec(model, alias);
    }
  }
}
