package dev.unmask.lm.jinja;

/** The work a rendering may do, in units of about one operation or 16 characters. */
final class Budget {

  private static final int CHARACTERS_A_UNIT = 16;

  private final int longestText;
  private long left;

  Budget(long work, int longestText) {
    this.left = work;
    this.longestText = longestText;
  }

  void spend(long units) {
    left -= units;
    if (left < 0) {
      throw new JinjaException("the template takes too much work");
    }
  }

  /** Pays for reading or making a text. */
  void spendText(long characters) {
    if (characters > longestText) {
      throw new JinjaException("a text must have at most " + longestText + " characters");
    }
    spend(1 + characters / CHARACTERS_A_UNIT);
  }
}
