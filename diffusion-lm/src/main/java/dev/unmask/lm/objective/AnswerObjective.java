package dev.unmask.lm.objective;

import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.packing.AnswerRows;
import dev.unmask.lm.random.KeyedRandom;

/**
 * An objective that can be trained on prompts and answers (supervised fine-tuning): prompts are
 * seen as they are, only answers are learned.
 */
public interface AnswerObjective extends Objective {
  /**
   * As {@link Objective#batch} of prompts and answers. Where the objective is a mean over tokens,
   * it is one over tokens of answers.
   */
  ScoredBatch batch(AnswerRows rows, int maskId, KeyedRandom random);
}
