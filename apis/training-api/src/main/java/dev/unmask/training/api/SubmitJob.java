package dev.unmask.training.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to train. Everything but the corpus has a default; a {@link JobView} shows them filled in.
 * An unknown field is refused.
 *
 * @param corpus id or name of an uploaded corpus
 * @param name the job's name, default the corpus's name; {@code [A-Za-z0-9][A-Za-z0-9._-]{0,99}}
 * @param experiment experiment of the tracked run, default the name
 * @param phases what is trained one after the other, each from the weights of the one before;
 *     default 60 % autoregressive, then block diffusion with blocks of 4
 * @param minutes training time that the phases' shares divide, (0, 10080], default 5; not together
 *     with phases that count steps. A calibration turns it into step counts when training begins
 * @param batchSize sequences of an optimizer step, 1 to 1024, default 16
 * @param precision {@code auto} (measured), {@code f32} or {@code bf16}
 * @param activations {@code kept} (default), or {@code recomputed} for gradients: less memory, a
 *     third more time, the same results; for methods that train a plain transformer
 * @param seed of weights, order and corruption, default 0
 * @param checkpointEverySteps optimizer steps of a chunk, 1 to 100000, default 50
 * @param validationFraction part of the text held back, 0.001 to 0.5, default 0.05
 * @param startFrom {@code models:/name@alias} or {@code models:/name/3}: weights, shape and
 *     tokenizer of an earlier model, instead of {@code model} and {@code tokenizer}
 * @param samples texts that the model in training writes at its validations, 0 (none) to 8, default
 *     2; left out where they would take more than a twentieth of the time
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubmitJob(
    String corpus,
    @Nullable String name,
    @Nullable String experiment,
    @Nullable TokenizerSpec tokenizer,
    @Nullable ModelSpec model,
    @Nullable List<PhaseSpec> phases,
    @Nullable Double minutes,
    @Nullable Integer batchSize,
    @Nullable OptimizerSpec optimizer,
    @Nullable String precision,
    @Nullable String activations,
    @Nullable Long seed,
    @Nullable Integer checkpointEverySteps,
    @Nullable Double validationFraction,
    @Nullable String startFrom,
    @Nullable RegisterSpec register,
    @Nullable Integer samples) {

  /** A job with the default number of samples. */
  public SubmitJob(
      String corpus,
      @Nullable String name,
      @Nullable String experiment,
      @Nullable TokenizerSpec tokenizer,
      @Nullable ModelSpec model,
      @Nullable List<PhaseSpec> phases,
      @Nullable Double minutes,
      @Nullable Integer batchSize,
      @Nullable OptimizerSpec optimizer,
      @Nullable String precision,
      @Nullable String activations,
      @Nullable Long seed,
      @Nullable Integer checkpointEverySteps,
      @Nullable Double validationFraction,
      @Nullable String startFrom,
      @Nullable RegisterSpec register) {
    this(
        corpus,
        name,
        experiment,
        tokenizer,
        model,
        phases,
        minutes,
        batchSize,
        optimizer,
        precision,
        activations,
        seed,
        checkpointEverySteps,
        validationFraction,
        startFrom,
        register,
        null);
  }

  /** A job on a corpus with every default. */
  public static SubmitJob of(String corpus) {
    return new SubmitJob(
        corpus, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null);
  }

  /**
   * @param kind {@code bpe} (trained on the corpus, default) or {@code byte}
   * @param vocabulary tokens of a trained vocabulary, 258 to 65535, default 1024; only for bpe
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TokenizerSpec(@Nullable String kind, @Nullable Integer vocabulary) {}

  /**
   * Shape of the transformer.
   *
   * @param layers 1 to 64, default 6
   * @param width 8 to 8192, default 192; an even multiple of heads
   * @param heads 1 to 128, default 6
   * @param feedForward 8 to 32768, default 512
   * @param contextLength tokens of a training sequence, 8 to 8192, default 128
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ModelSpec(
      @Nullable Integer layers,
      @Nullable Integer width,
      @Nullable Integer heads,
      @Nullable Integer feedForward,
      @Nullable Integer contextLength) {}

  /**
   * How the network learns. The phases of a job train one network: a method follows another only
   * where both train the same kind.
   *
   * @param method {@code ar}, {@code block-diffusion}, {@code radd}, {@code smdm}, {@code llada},
   *     {@code dream}, {@code sdar} and {@code fast-dllm-v2} (a plain transformer), {@code mdlm}
   *     and {@code bd3lm} (one with noise layers), {@code sedd} (one told the noise level), or
   *     {@code dsm} (a score network)
   * @param blockSize only for block-diffusion, bd3lm, sdar (default 4) and fast-dllm-v2 (default
   *     32): 1 to 256, a divisor of contextLength
   * @param data for ar, smdm, llada, dream, sdar and fast-dllm-v2: {@code text} (default), or
   *     {@code prompt-answer} to learn the answers of a corpus of prompts and answers
   * @param unconditional for smdm and llada on prompts and answers: share of the rows whose prompt
   *     is hidden, for guidance, 0 (default) to below 1
   * @param loss for radd: weighting {@code lambda} (default), {@code t} or {@code k}; for mdlm:
   *     times {@code continuous} (default) or {@code importance-sampled}; for dsm: errors weighted
   *     for {@code noise} (default) or {@code likelihood}
   * @param schedule for sedd: {@code loglinear} (default) or {@code geometric}; for bd3lm: {@code
   *     linear} (default), {@code cosine}, {@code square} or {@code logarithmic}; for dsm: {@code
   *     variance-preserving-by-token} (default), {@code variance-exploding-by-token}, or with one
   *     noise level for all tokens {@code variance-preserving} or {@code variance-exploding}
   * @param graph for sedd: which token turns into which, {@code absorb} (default) or {@code
   *     uniform}
   * @param clip for bd3lm: times drawn from all ({@code none}, default), from those that the paper
   *     found for the block size ({@code paper}), or from those that a search on the corpus finds
   *     again and again while the model learns ({@code search})
   * @param share part of the minutes, relative to the other phases' shares
   * @param steps optimizer steps, 1 to 100000000; every phase counts steps or none does
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PhaseSpec(
      String method,
      @Nullable Integer blockSize,
      @Nullable String loss,
      @Nullable String schedule,
      @Nullable String graph,
      @Nullable String clip,
      @Nullable String data,
      @Nullable Double unconditional,
      @Nullable Double share,
      @Nullable Integer steps) {

    /** A phase whose other choices are the defaults of its method. */
    public PhaseSpec(
        String method,
        @Nullable Integer blockSize,
        @Nullable String loss,
        @Nullable Double share,
        @Nullable Integer steps) {
      this(method, blockSize, loss, null, null, null, null, null, share, steps);
    }
  }

  /**
   * AdamW.
   *
   * @param learningRate (0, 1), default 0.002
   * @param warmupSteps 0 to 1000000, default 40
   * @param decay {@code stable-linear} (default: falls over the last 40 % only), {@code cosine} or
   *     {@code constant}, over all phases together
   * @param weightDecay 0 to below 1, default 0.1
   * @param clipNorm (0, 1000], default 1
   * @param ema decay of the weights' moving average, 0 (off) to below 1, default 0.999
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record OptimizerSpec(
      @Nullable Double learningRate,
      @Nullable Integer warmupSteps,
      @Nullable String decay,
      @Nullable Double weightDecay,
      @Nullable Double clipNorm,
      @Nullable Double ema) {}

  /**
   * @param model registered model that gets a new version, default the job's name
   * @param alias moved to the new version; none by default
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RegisterSpec(@Nullable String model, @Nullable String alias) {}
}
