package dev.unmask.lm.trainer;

import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.objective.AnswerObjective;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.packing.AnswerRows;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What an objective makes of packed rows, of text or of prompts and answers.
 *
 * @param maskId the absorbing token
 */
record Batches(PackedSequences rows, int maskId) {
  private static final long VALIDATION_SEED = 20_240_917;

  /**
   * A batch to learn from or to score.
   *
   * @param tokens fed, of one copy
   * @param learned tokens over which a bound is a mean: all of text, those of answers
   */
  record Batch(ScoredBatch scored, int tokens, int learned) {}

  /** The rows of an optimizer step. */
  Batch training(Objective objective, long step, int size, long seed) {
    KeyedRandom random = KeyedRandom.of(seed).split("corruption").split(step);
    if (rows.hasAnswers()) {
      return batch(objective, rows.answerBatch(step, size, seed), random);
    }
    int[][] clean = rows.batch(step, size, seed);
    int tokens = size * rows.length();
    return new Batch(objective.batch(clean, maskId, random), tokens, tokens);
  }

  /**
   * The loss of the first rows, drawn with a fixed seed. Text is scored in batches; answers row by
   * row, so that padding counts nothing.
   *
   * @param loss of a batch, in nats per token
   */
  ValidationReport validate(
      Objective objective, int batchSize, int maxRows, Function<ScoredBatch, Loss> loss) {
    int count = Math.min(maxRows, rows.count());
    int size = rows.hasAnswers() ? 1 : batchSize;
    KeyedRandom random = KeyedRandom.of(VALIDATION_SEED);
    MaskRatioTally byMaskRatio = new MaskRatioTally(maskId);
    double nats = 0;
    long tokens = 0;
    for (int from = 0; from < count; from += size) {
      Batch batch = validation(objective, from, Math.min(from + size, count), random.split(from));
      Loss scored = loss.apply(batch.scored());
      nats += batch.learned() * scored.value();
      tokens += batch.learned();
      byMaskRatio.add(batch.scored(), scored.nats(), batch.learned());
    }
    return new ValidationReport(
        objective.label(), nats / tokens, count, tokens, objective.exact(), byMaskRatio.result());
  }

  private Batch validation(Objective objective, int from, int to, KeyedRandom random) {
    int[] indices = IntStream.range(from, to).toArray();
    if (rows.hasAnswers()) {
      return batch(objective, rows.answerRows(indices), random);
    }
    int[][] clean = Arrays.stream(indices).mapToObj(rows::sequence).toArray(int[][]::new);
    int tokens = indices.length * rows.length();
    return new Batch(objective.batch(clean, maskId, random), tokens, tokens);
  }

  private Batch batch(Objective objective, AnswerRows answers, KeyedRandom random) {
    requireLearnable(objective, rows);
    ScoredBatch scored = ((AnswerObjective) objective).batch(answers, maskId, random);
    return new Batch(scored, answers.count() * answers.length(), answers.answerTokens());
  }

  /**
   * @throws IllegalArgumentException if the rows have answers and the objective cannot learn them
   */
  static void requireLearnable(Objective objective, PackedSequences rows) {
    if (rows.hasAnswers() && !(objective instanceof AnswerObjective)) {
      throw new IllegalArgumentException(
          "\"%s\" learns from text, not from prompts and answers".formatted(objective.label()));
    }
  }

  /**
   * @throws IllegalArgumentException if the sequences do not fit the backbone or the objectives
   */
  static void requireFitting(TrainingPlan plan, PackedSequences training) {
    plan.phases().forEach(phase -> requireLearnable(phase.objective(), training));
    if (training.length() > plan.backbone().contextLength()) {
      throw new IllegalArgumentException(
          "sequences of "
              + training.length()
              + " tokens do not fit a context of "
              + plan.backbone().contextLength());
    }
  }
}
