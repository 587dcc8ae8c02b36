package dev.unmask.training.pipeline;

import dev.unmask.lm.trainer.LossByMaskRatio;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Training in progress: weights, optimizer and position. Compute thread only. */
public interface TrainingSession extends AutoCloseable {

  /** Completed optimizer steps over all phases. */
  long optimizerStep();

  /** Index of the phase that the next optimizer step belongs to, the last one when finished. */
  int phase();

  boolean finished();

  /** Runs one optimizer step. */
  Outcome step();

  /** Writes everything that going on needs; complete or not there. */
  void checkpoint(Path directory);

  /** Loss of the validation part under the current phase's objective; changes nothing. */
  Validation validate(int maxSequences);

  /**
   * Texts that the averaged weights write; changes nothing. Same weights, same texts.
   *
   * @param count texts at most
   * @param longest after so long no further token is drawn; what is unfinished then is left out
   */
  default List<TextSample> samples(int count, Duration longest) {
    return List.of();
  }

  /** Writes the model directory: safetensors, config.json, tokenizer.json. */
  void export(Path directory);

  /** Prompts and answers that were too long for a row and are not learned. */
  default int examplesLeftOut() {
    return 0;
  }

  /** Number type that computes, for instance {@code f32}. */
  String precision();

  @Override
  void close();

  /**
   * @param step completed optimizer steps, this one included
   * @param phase index
   * @param loss nats per token
   * @param gradientNorm before clipping
   * @param tokens that the step saw
   * @param measures what else was found at this step, by names; empty at most steps
   */
  record Outcome(
      long step,
      int phase,
      double loss,
      double gradientNorm,
      double learningRate,
      long tokens,
      double milliseconds,
      Map<String, Double> measures) {
    /** A step at which nothing else was found. */
    public Outcome(
        long step,
        int phase,
        double loss,
        double gradientNorm,
        double learningRate,
        long tokens,
        double milliseconds) {
      this(step, phase, loss, gradientNorm, learningRate, tokens, milliseconds, Map.of());
    }
  }

  /**
   * @param natsPerToken exact for an autoregressive model, a bound otherwise
   * @param byMaskRatio null for methods that have no mask ratios
   */
  record Validation(
      double natsPerToken, double bitsPerByte, @Nullable LossByMaskRatio byMaskRatio) {
    /** Of a method that has no mask ratios. */
    public Validation(double natsPerToken, double bitsPerByte) {
      this(natsPerToken, bitsPerByte, null);
    }
  }

  /**
   * @param name what was asked for
   * @param index tells texts of a step apart
   * @param prompt null where nothing was given
   */
  record TextSample(String name, int index, @Nullable String prompt, String text) {}
}
