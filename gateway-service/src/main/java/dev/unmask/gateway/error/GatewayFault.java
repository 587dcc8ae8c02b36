package dev.unmask.gateway.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request the gateway answers itself, because it may not or cannot be forwarded. */
public final class GatewayFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FaultCode code;
  private final String detail;
  private final @Nullable Duration retryAfter;

  private GatewayFault(FaultCode code, String detail, @Nullable Duration retryAfter) {
    // No stack trace: these are answers, and some of them are answered thousands of times a second.
    super(detail, null, false, false);
    this.code = code;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  public static GatewayFault of(FaultCode code, String detail) {
    return new GatewayFault(code, detail, null);
  }

  /** A fault that goes away by itself. */
  public static GatewayFault retryable(FaultCode code, String detail, Duration retryAfter) {
    return new GatewayFault(code, detail, retryAfter);
  }

  /** A service behind the gateway does not answer; says which. */
  public static GatewayFault unavailable(String service) {
    return retryable(
        FaultCode.UNAVAILABLE,
        service + " does not answer at the moment; try again shortly",
        Duration.ofSeconds(2));
  }

  public FaultCode code() {
    return code;
  }

  /** What was expected and what came, for the caller to read. */
  public String detail() {
    return detail;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
