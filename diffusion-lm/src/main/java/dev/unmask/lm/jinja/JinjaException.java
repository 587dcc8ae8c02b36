package dev.unmask.lm.jinja;

/** A template that is faulty, asks for what it may not have, or raised an error of its own. */
public final class JinjaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JinjaException(String message) {
    super(message);
  }

  JinjaException(String message, Throwable cause) {
    super(message, cause);
  }
}
