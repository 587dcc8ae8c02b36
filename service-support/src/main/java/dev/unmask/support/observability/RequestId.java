package dev.unmask.support.observability;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The id that follows one request through all services' logs. */
public final class RequestId {
  public static final String HEADER = "X-Request-Id";
  public static final String MDC_KEY = "requestId";

  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._-]{8,64}");

  private RequestId() {}

  /** Of the request this thread works for, null outside one. */
  public static @Nullable String current() {
    return MDC.get(MDC_KEY);
  }

  /** The caller's id where it is harmless in a log, otherwise a new one. */
  public static String accept(@Nullable String offered) {
    return offered != null && SAFE.matcher(offered).matches()
        ? offered
        : UUID.randomUUID().toString();
  }
}
