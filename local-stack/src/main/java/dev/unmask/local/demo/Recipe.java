package dev.unmask.local.demo;

import dev.unmask.inference.api.CacheMode;
import dev.unmask.inference.api.DecodingSettings;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.TrainingMethod;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.ModelSpec;
import dev.unmask.training.api.SubmitJob.OptimizerSpec;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import dev.unmask.training.api.SubmitJob.RegisterSpec;
import dev.unmask.training.api.SubmitJob.TokenizerSpec;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the demo trains and how it decodes: sizes at which two cores write recognisable text within
 * minutes.
 *
 * @param name of the job, experiment, registered model and deployment
 * @param minutes usual training time
 * @param told what is trained, in words
 * @param decoding defaults of the deployment
 * @param temperature of requests; empty where the model's own defaults decode
 * @param compares whether decoding in parallel is compared with one token a step
 */
record Recipe(
    String name,
    List<PhaseSpec> phases,
    double minutes,
    String told,
    DecodingSettings decoding,
    OptionalDouble temperature,
    boolean compares) {
  /** The method that stands for the demo's own recipe. */
  static final String DEFAULT = "block";

  /** Name of the sample's corpus, which all methods share. */
  static final String CORPUS = "demo";

  static final String ALIAS = "champion";
  static final long SEED = 20;

  /** Greedy decoding of so small a model repeats itself, so the demo samples. */
  private static final double TEMPERATURE = 0.6;

  private static final int VOCABULARY = 1024;
  private static final ModelSpec SHAPE = new ModelSpec(6, 192, 3, 512, 288);
  private static final int BATCH = 8;
  private static final double LEARNING_RATE = 2e-3;
  private static final int BLOCK = 4;
  private static final String PATIENCE =
      "It needs longer than block diffusion: expect single words at first, sentences after hours.";

  private static final double SHORT = 4;
  private static final double LONG = 30;

  /**
   * Of the time: 0.28 left the block model at 3.07 nats a token, 0.55 at 3.38 and 0.14 at 3.17 in
   * trials of equal length on the sample corpus' kind of text.
   */
  private static final double AUTOREGRESSIVE_SHARE = 0.3;

  /** BD3-LM goes on from MDLM; the paper gives that most of the time. */
  private static final double SEQUENCE_SHARE = 0.6;

  /**
   * Parallel decoding: three tokens a forward pass in blocks three times as wide as in training. On
   * two cores this was 12 to 14 times as fast as one token a step, at perplexity 11 to 16 against 3
   * to 9; two tokens in blocks of 8 gave 8 to 10 times at 8 to 14.
   */
  private static final int DECODING_BLOCK = 12;

  private static final int TOKENS_PER_STEP = 3;

  /** What {@code --method} takes: the demo's recipe, and every method that a job can name. */
  static List<String> methods() {
    return Stream.concat(Stream.of(DEFAULT), Families.methods().stream().map(TrainingMethod::name))
        .toList();
  }

  /**
   * The recipe of a method. Conversions start as in their papers: from a next-token model, or from
   * MDLM.
   *
   * @throws IllegalArgumentException if there is none, naming those that are known
   */
  static Recipe of(String method) {
    if (!methods().contains(method)) {
      throw new IllegalArgumentException(
          "--method must be one of %s, was %s".formatted(methods(), method));
    }
    return switch (method) {
      case DEFAULT ->
          new Recipe(
              "demo",
              converted("block-diffusion", BLOCK),
              SHORT,
              "a short autoregressive start, then block diffusion.",
              parallel(CacheMode.BLOCK),
              OptionalDouble.of(TEMPERATURE),
              true);
      case "radd" ->
          new Recipe(
              named(method),
              alone(method),
              LONG,
              "RADD from scratch. " + PATIENCE,
              parallel(CacheMode.DUAL),
              OptionalDouble.of(TEMPERATURE),
              true);
      case "sdar", "fast-dllm-v2", "dream" ->
          plain(
              method,
              converted(method, null),
              SHORT,
              "a short autoregressive start, then " + method + ".");
      case "bd3lm" ->
          plain(
              method,
              List.of(
                  new PhaseSpec("mdlm", null, null, SEQUENCE_SHARE, null),
                  new PhaseSpec(method, BLOCK, null, 1 - SEQUENCE_SHARE, null)),
              LONG,
              "mdlm, then bd3lm on its weights. " + PATIENCE);
      case "ar" -> plain(method, alone(method), SHORT, "next-token prediction, the baseline.");
      default -> plain(method, alone(method), LONG, method + " from scratch. " + PATIENCE);
    };
  }

  private static String named(String method) {
    return "demo-" + method;
  }

  private static List<PhaseSpec> alone(String method) {
    return List.of(new PhaseSpec(method, null, null, 1.0, null));
  }

  private static List<PhaseSpec> converted(String method, @Nullable Integer blockSize) {
    return List.of(
        new PhaseSpec("ar", null, null, AUTOREGRESSIVE_SHARE, null),
        new PhaseSpec(method, blockSize, null, 1 - AUTOREGRESSIVE_SHARE, null));
  }

  /** A method that decodes by its model's own defaults. */
  private static Recipe plain(String method, List<PhaseSpec> phases, double minutes, String told) {
    return new Recipe(
        named(method),
        phases,
        minutes,
        told,
        DecodingSettings.modelDefaults(),
        OptionalDouble.empty(),
        false);
  }

  private static DecodingSettings parallel(CacheMode cache) {
    return new DecodingSettings(
        DECODING_BLOCK, null, TOKENS_PER_STEP, null, cache, TEMPERATURE, null, SEED, null);
  }

  SubmitJob job(String corpus, double trainingMinutes) {
    return new SubmitJob(
        corpus,
        name,
        name,
        new TokenizerSpec("bpe", VOCABULARY),
        SHAPE,
        phases,
        trainingMinutes,
        BATCH,
        new OptimizerSpec(LEARNING_RATE, null, null, null, null, null),
        "auto",
        null,
        SEED,
        null,
        null,
        null,
        new RegisterSpec(name, ALIAS));
  }

  /** The naive sampler: every forward pass computes everything and yields one token. */
  static Map<String, Object> plainDecoding() {
    return Map.of("cache", "none", "tokens_per_step", 1, "block_length", BLOCK);
  }
}
