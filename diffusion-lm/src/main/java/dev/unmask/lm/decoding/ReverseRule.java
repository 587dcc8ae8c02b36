package dev.unmask.lm.decoding;

import java.util.function.IntUnaryOperator;

/**
 * How every open position of a canvas goes back one step in time: what a sampler of SEDD or MDLM
 * decides. Positions are independent of each other given the network's answer.
 */
public interface ReverseRule {
  /** Steps back in time, the removal of the remaining noise included. */
  int steps();

  /** Total noise of the canvas before a step: what the network is told. */
  double totalNoise(int step);

  /**
   * The weights that a position's next state is drawn by, not normalised; an entry of zero or less
   * is never drawn while another is above zero.
   *
   * @param logits what the network says of the position, over all states
   * @param current state of the position
   */
  double[] weights(int step, double[] logits, int current);

  /** Whether a position in this state keeps it for good. */
  boolean settles(int state);

  /**
   * State of an open position before the first step.
   *
   * @param state a uniform draw below the number it is given
   */
  int initial(IntUnaryOperator state);

  /** Whether the network's answer holds until the canvas changes, whatever the time. */
  boolean reusesAnswers();
}
