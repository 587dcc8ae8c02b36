package dev.unmask.registry.query;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;

/** How much of a list the native routes answer at once. */
public final class PageSize {
  /** Rows of the largest page. */
  public static final int MOST = 1_000;

  private PageSize() {}

  /**
   * @param field the parameter, as the caller wrote it
   * @throws UnmaskException INVALID_REQUEST naming the field when the size is not from 1 to {@link
   *     #MOST}
   */
  public static void check(String field, int size) {
    if (size < 1 || size > MOST) {
      throw UnmaskException.ofField(
          ErrorCode.INVALID_REQUEST, field, "must be from 1 to " + MOST + ", was " + size);
    }
  }
}
