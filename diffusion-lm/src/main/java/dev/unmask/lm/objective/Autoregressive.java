package dev.unmask.lm.objective;

import dev.unmask.lm.attention.AttentionLayout.Causal;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.packing.AnswerRows;
import dev.unmask.lm.packing.AnswerSpan;
import dev.unmask.lm.random.KeyedRandom;

/**
 * Next-token cross-entropy under causal attention: position i predicts token i + 1. The mean over
 * the B (L - 1) predicted tokens, an exact likelihood. Of prompts and answers the tokens of answers
 * are predicted, padding is not.
 */
public record Autoregressive() implements AnswerObjective {
  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    int length = Sequences.length(clean);
    if (length < 2) {
      throw new IllegalArgumentException("next-token prediction needs two tokens at least");
    }
    return batch(AnswerRows.whole(clean), maskId, random);
  }

  @Override
  public ScoredBatch batch(AnswerRows rows, int maskId, KeyedRandom random) {
    int[][] clean = rows.tokens();
    int length = rows.length();
    int predicted = rows.answers().stream().mapToInt(Autoregressive::predicted).sum();
    ScoredTokens scored = new ScoredTokens(Math.max(1, predicted));
    for (int i = 0; i < clean.length; i++) {
      AnswerSpan answer = rows.answers().get(i);
      for (int at = Math.max(1, answer.start()); at < answer.end(); at++) {
        scored.add(i * length + at - 1, clean[i][at], 1.0 / predicted);
      }
    }
    scored.orNothing(clean[0][0]);
    return new ScoredBatch(
        clean.length,
        Sequences.flatten(clean),
        Sequences.positions(length),
        new Causal(),
        scored.rows(),
        scored.targets(),
        scored.weights());
  }

  /** Nothing stands before the first token of a row to predict it. */
  private static int predicted(AnswerSpan answer) {
    return answer.end() - Math.max(1, answer.start());
  }

  @Override
  public String label() {
    return "autoregressive";
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    return trained.decodingBy(BackboneConfig.Layout.CAUSAL, 0);
  }

  @Override
  public boolean corrupts() {
    return false;
  }

  @Override
  public boolean exact() {
    return true;
  }
}
