package dev.unmask.lm.objective;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.packing.AnswerRows;
import dev.unmask.lm.packing.AnswerSpan;
import dev.unmask.lm.random.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Supervised fine-tuning of LLaDA (arXiv:2502.09992) and SMDM (arXiv:2410.18514): as {@link
 * LinearMasking}, but the prompt is never noised. The end-of-text tokens that pad a row to the
 * longest of its batch belong to the answer: they are masked and learned, so the model learns to
 * end.
 *
 * <p>A share of the rows may be unconditional: all of the prompt is replaced by mask tokens, which
 * are not scored. That is what unsupervised classifier-free guidance feeds for its second opinion.
 *
 * @param mean over what the weighted cross-entropies are averaged
 * @param unconditional probability that a row loses its prompt, in [0, 1)
 */
public record AnswerMasking(Mean mean, double unconditional) implements AnswerObjective {

  /** Over what a batch is averaged. */
  public enum Mean {
    /** First over the tokens of each answer, then over the rows: every answer counts alike. */
    PER_ANSWER,
    /** Over the tokens of all answers: every token counts alike. */
    PER_TOKEN
  }

  public AnswerMasking {
    if (!(unconditional >= 0 && unconditional < 1)) {
      throw new IllegalArgumentException("unconditional must be in [0, 1), was " + unconditional);
    }
  }

  /** Every prompt is seen. */
  public AnswerMasking(Mean mean) {
    this(mean, 0);
  }

  /** Text without prompts is all answer. */
  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    return batch(AnswerRows.whole(clean), maskId, random);
  }

  @Override
  public ScoredBatch batch(AnswerRows rows, int maskId, KeyedRandom random) {
    double[] probabilities = new double[rows.count()];
    List<BitSet> masked = new ArrayList<>();
    int[][] seen = rows.tokens().clone();
    for (int i = 0; i < rows.count(); i++) {
      int prompt = rows.answers().get(i).start();
      probabilities[i] = LinearMasking.maskProbability(random.split("time").uniform(i));
      BitSet positions = new BitSet();
      KeyedRandom draws = random.split("mask").split(i);
      AbsorbingCorruption.mask(positions, prompt, rows.length(), probabilities[i], draws);
      masked.add(positions);
      if (random.split("unconditional").uniform(i) < unconditional) {
        seen[i] = withoutPrompt(seen[i], prompt, maskId);
      }
    }
    return batch(new AnswerRows(seen, rows.answers()), masked, probabilities, maskId);
  }

  /**
   * The batch of given masks.
   *
   * @param masked positions of each row, none in its prompt
   * @param probabilities by which the answer's tokens of each row were masked
   */
  public ScoredBatch batch(
      AnswerRows rows, List<BitSet> masked, double[] probabilities, int maskId) {
    int[] learned =
        rows.answers().stream().mapToInt(AnswerSpan::start).map(at -> rows.length() - at).toArray();
    double all = Arrays.stream(learned).sum();
    return DenoisingBatch.of(
        rows.tokens(),
        masked,
        maskId,
        Alignment.SAME_POSITION,
        (i, position) -> {
          double tokens = mean == Mean.PER_TOKEN ? all : (double) learned[i] * rows.count();
          return 1 / (probabilities[i] * tokens);
        });
  }

  private static int[] withoutPrompt(int[] tokens, int prompt, int maskId) {
    int[] hidden = tokens.clone();
    Arrays.fill(hidden, 0, prompt, maskId);
    return hidden;
  }

  /** Given the prompt: what unconditional rows learn is another likelihood. */
  @Override
  public AnswerMasking validation() {
    return new AnswerMasking(mean);
  }

  @Override
  public String label() {
    return "masked cross-entropy of answers";
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    return trained.decodingBy(Decoding.full());
  }
}
