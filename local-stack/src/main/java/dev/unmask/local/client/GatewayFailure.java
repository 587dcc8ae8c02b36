package dev.unmask.local.client;

/** The gateway refused or did not answer; the message says what and why. */
public final class GatewayFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GatewayFailure(String message) {
    super(message);
  }

  GatewayFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
