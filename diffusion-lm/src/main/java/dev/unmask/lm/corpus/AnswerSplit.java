package dev.unmask.lm.corpus;

import dev.unmask.lm.corpus.InvalidCorpusException.Reason;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * Examples to train on and examples to validate with. The fingerprint of its question decides where
 * an example goes, as {@link CorpusSplit} does with documents: the same question never stands on
 * both sides.
 *
 * @param training at least one, in corpus order
 * @param validation at least one, in corpus order
 */
public record AnswerSplit(List<Example> training, List<Example> validation) {
  public AnswerSplit {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
  }

  /**
   * @param validationFraction share for validation, in (0, 0.5]
   * @throws IllegalArgumentException if the fraction is out of range
   * @throws InvalidCorpusException if all examples ask one question
   */
  public static AnswerSplit of(AnswerCorpus corpus, double validationFraction) {
    if (!(validationFraction > 0 && validationFraction <= 0.5)) {
      throw new IllegalArgumentException(
          "validationFraction must be in (0, 0.5], was " + validationFraction);
    }
    DoubleSummaryStatistics draws =
        corpus.examples().stream().mapToDouble(AnswerSplit::draw).summaryStatistics();
    if (draws.getMin() == draws.getMax()) {
      throw new InvalidCorpusException(
          Reason.EMPTY,
          0,
          "all examples ask one question, and one must be kept for validation: add others");
    }
    // Chance may choose none or all: one question at least stands on either side.
    double limit =
        Math.min(draws.getMax(), Math.max(validationFraction, Math.nextUp(draws.getMin())));
    List<Example> training = new ArrayList<>();
    List<Example> validation = new ArrayList<>();
    for (Example example : corpus.examples()) {
      (draw(example) < limit ? validation : training).add(example);
    }
    return new AnswerSplit(training, validation);
  }

  private static double draw(Example example) {
    return CorpusSplit.draw(example.fingerprint());
  }
}
