package dev.unmask.lm.decoding.policy;

import dev.unmask.lm.decoding.DecodeSettings;

/** A setting outside its range or of no use for the model: names the field and what it may be. */
public final class DecodeSettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String field;

  /** That {@code field} does not fit, and what would. */
  public DecodeSettingException(String field, String message) {
    super(field + " " + message);
    this.field = field;
  }

  /** Name of the setting, as in {@link DecodeSettings}. */
  public String field() {
    return field;
  }

  /**
   * Refuses a setting.
   *
   * @param range what it must be, for the message
   */
  public static void check(boolean valid, String field, String range, Object value) {
    if (!valid) {
      throw new DecodeSettingException(field, "must be " + range + ", was " + value);
    }
  }
}
