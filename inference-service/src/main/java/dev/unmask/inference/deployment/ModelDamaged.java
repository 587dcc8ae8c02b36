package dev.unmask.inference.deployment;

/** The bytes are not those that were registered, or no model; the message names the file. */
final class ModelDamaged extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ModelDamaged(String message) {
    super(message);
  }

  ModelDamaged(String message, Throwable cause) {
    super(message, cause);
  }
}
