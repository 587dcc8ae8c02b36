package dev.unmask.support.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/**
 * Guards the management endpoints beside health: they need a token of a team, or come from a
 * network that is open to scrapers, which can't renew a token every few minutes.
 */
final class MetricsAccess {
  private static final List<String> SENT_BY_PROXIES =
      List.of("Forwarded", "X-Forwarded-For", "Via");

  private final List<IpAddressMatcher> open;

  MetricsAccess(MetricsProperties properties) {
    this.open = properties.openTo().stream().map(IpAddressMatcher::new).toList();
  }

  boolean grants(@Nullable Authentication caller, HttpServletRequest request) {
    return caller instanceof JwtAuthenticationToken token
            && Role.of(String.valueOf(token.getToken().getClaimAsString("role")))
                .covers(Role.VIEWER)
        || isScraper(request);
  }

  private boolean isScraper(HttpServletRequest request) {
    return SENT_BY_PROXIES.stream().noneMatch(name -> request.getHeader(name) != null)
        && open.stream().anyMatch(network -> network.matches(request.getRemoteAddr()));
  }
}
