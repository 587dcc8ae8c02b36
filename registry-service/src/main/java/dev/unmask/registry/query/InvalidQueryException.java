package dev.unmask.registry.query;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;

/** A filter, order or page token that says nothing we understand. */
public final class InvalidQueryException extends UnmaskException {
  private static final long serialVersionUID = 1L;

  public InvalidQueryException(String detail) {
    super(ErrorCode.INVALID_REQUEST, detail);
  }
}
