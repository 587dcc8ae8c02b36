package dev.unmask.training.tracking;

/** A registered model's files are not what its manifest says. */
public final class DamagedModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DamagedModelException(String message) {
    super(message);
  }
}
