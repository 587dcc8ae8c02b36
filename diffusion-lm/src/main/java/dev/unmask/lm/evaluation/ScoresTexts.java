package dev.unmask.lm.evaluation;

import java.util.Map;

/** A model whose family has estimators of its own. */
public interface ScoresTexts {
  /** The estimators of the family; the first is the one to use when nothing is said. */
  Map<Estimator, TextScorer> scorers();
}
