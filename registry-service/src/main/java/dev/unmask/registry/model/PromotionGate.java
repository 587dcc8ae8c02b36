package dev.unmask.registry.model;

/** Has a say in where aliases and stages move, whichever protocol asks; all gates must agree. */
public interface PromotionGate {
  /**
   * Called in the transaction of the move.
   *
   * @throws dev.unmask.support.error.UnmaskException PROMOTION_REFUSED with what is missing
   */
  void check(String teamId, Promotion promotion);
}
