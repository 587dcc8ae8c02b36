package dev.unmask.benchmarks;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.unmask.lm.evaluation.TrainingCompute;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One training run of an experiment and its validation: everything that decides what it comes to.
 *
 * @param method name of the training method
 * @param blockSize tokens denoised together; 0 for a method without blocks
 * @param schedule of the method's noise; absent for the method's own default
 * @param precision of the matrix products
 * @param text digest of the text
 */
record TrainingCell(
    String method,
    int blockSize,
    @Nullable String schedule,
    Shape shape,
    Budget budget,
    long seed,
    PrecisionChoice precision,
    Validation validation,
    String text) {

  /** Kinds of networks that experiments train. */
  enum Network {
    /** What the method trains in a job. */
    OWN,
    /** As near to nanoGPT's as the library's parts come, predicting the next token. */
    NANO_GPT
  }

  /** Of the network. */
  record Shape(Network network, int layers, int width, int heads, int feedForward) {}

  /**
   * @param steps optimizer steps
   * @param batch rows of {@link CharacterText#LENGTH} characters a step
   * @param learningRate at its peak
   * @param averageDecay of the moving average of the weights that is validated; 0 for the last ones
   */
  record Budget(int steps, int batch, double learningRate, double averageDecay) {}

  /**
   * @param rows that are scored, at most
   * @param draws noise levels that each of them is scored at
   */
  record Validation(int rows, int draws) {}

  private static final Gson GSON = new GsonBuilder().create();
  private static final int DIGITS = 16;

  static TrainingCell parse(String json) {
    return GSON.fromJson(json, TrainingCell.class);
  }

  /** The same by another method. */
  TrainingCell by(String other, int block) {
    return new TrainingCell(other, block, null, shape, budget, seed, precision, validation, text);
  }

  /** The same under another schedule of the noise. */
  TrainingCell scheduled(String other) {
    return new TrainingCell(
        method, blockSize, other, shape, budget, seed, precision, validation, text);
  }

  /** The same with another network. */
  TrainingCell with(Shape other) {
    return new TrainingCell(
        method, blockSize, schedule, other, budget, seed, precision, validation, text);
  }

  /** The same for another budget. */
  TrainingCell during(int steps, int batch) {
    return with(new Budget(steps, batch, budget.learningRate(), budget.averageDecay()));
  }

  /** The same learning at another rate, other averages of the weights validated. */
  TrainingCell learning(double rate, double averageDecay) {
    return with(new Budget(budget.steps(), budget.batch(), rate, averageDecay));
  }

  private TrainingCell with(Budget other) {
    return new TrainingCell(
        method, blockSize, schedule, shape, other, seed, precision, validation, text);
  }

  /** The same from other weights and rows. */
  TrainingCell seeded(long other) {
    return new TrainingCell(
        method, blockSize, schedule, shape, budget, other, precision, validation, text);
  }

  /** The same in another number type. */
  TrainingCell in(PrecisionChoice other) {
    return new TrainingCell(
        method, blockSize, schedule, shape, budget, seed, other, validation, text);
  }

  /** One line that no other cell has. */
  String json() {
    return GSON.toJson(this);
  }

  /** A file name that no other cell has. */
  String digest() {
    return digest(json());
  }

  static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Characters seen in training. */
  long tokens() {
    return (long) budget.steps() * budget.batch() * CharacterText.LENGTH;
  }

  /** Parameters without embedding and head. */
  long parameters() {
    return TrainingCompute.parameters(shape.layers(), shape.width(), shape.feedForward());
  }

  /**
   * How long it takes against other cells, roughly: operations, those of the vocabulary and of the
   * second copy of the rows under block diffusion included. Work is shared out and time left is
   * told by it.
   */
  double weight() {
    double copies = blockSize > 0 ? 2 : 1;
    double vocabulary = (double) shape.width() * CharacterText.CHARACTERS.vocabularySize();
    return tokens() * copies * (parameters() + vocabulary);
  }

  /** In words, to tell apart the cells of one experiment. */
  String description() {
    return "%s%s%s, %d layers of width %d, %d steps of %d rows, seed %d, %s"
        .formatted(
            shape.network() == Network.NANO_GPT ? "nanoGPT's network, " : "",
            blockSize == 0 ? method : method + " " + blockSize,
            schedule == null ? "" : " " + schedule,
            shape.layers(),
            shape.width(),
            budget.steps(),
            budget.batch(),
            seed,
            precision);
  }
}
