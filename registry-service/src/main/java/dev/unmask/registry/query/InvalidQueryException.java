package dev.unmask.registry.query;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.OptionalInt;

/** A filter, order or page token that says nothing we understand. */
public final class InvalidQueryException extends UnmaskException {
  private static final long serialVersionUID = 1L;

  /** Negative where the fault has no place. */
  private final int position;

  public InvalidQueryException(String detail) {
    this(detail, -1);
  }

  /**
   * @param position characters of the text before the fault
   */
  InvalidQueryException(String detail, int position) {
    super(ErrorCode.INVALID_REQUEST, detail);
    this.position = position;
  }

  /** Characters of the text before the fault; empty where it is not about one place. */
  public OptionalInt position() {
    return position < 0 ? OptionalInt.empty() : OptionalInt.of(position);
  }
}
