package dev.unmask.registry.audit;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Where the request that this thread works for came from: what the gateway says, which strips the
 * header from whatever comes from outside, otherwise the peer itself.
 */
final class ClientAddress {
  private static final String HEADER = "X-Unmask-Client-Address";

  /** An address, not text that somebody wants to see in the record. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");

  private ClientAddress() {}

  static @Nullable String current() {
    if (!(RequestContextHolder.getRequestAttributes()
        instanceof ServletRequestAttributes request)) {
      return null;
    }
    String told = request.getRequest().getHeader(HEADER);
    return told != null && ADDRESS.matcher(told).matches()
        ? told
        : request.getRequest().getRemoteAddr();
  }
}
