package dev.unmask.gateway.routing;

import dev.unmask.gateway.error.FaultCode;
import dev.unmask.gateway.error.GatewayFault;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses what no honest client sends: a foreign Host (DNS rebinding: a page the user visits points
 * its own name at this machine), a state-changing request from another site's page, and paths that
 * a service might read differently than the routes here do.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
class RequestGuard implements WebFilter {
  /** Not OPTIONS: there is no other site whose preflight could be granted. */
  private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  /**
   * Dot segments, empty segments, path parameters, backslashes, control characters; plain, encoded
   * and twice encoded.
   */
  private static final Pattern AMBIGUOUS =
      Pattern.compile(
          "(^|/)(\\.|%(25)*2e){1,2}(/|$)|//|;|\\\\|%(25)*(2f|5c|[01][0-9a-f]|3b|7f)|%25(25)*2e",
          Pattern.CASE_INSENSITIVE);

  private final Set<String> hosts;

  RequestGuard(RoutingProperties properties) {
    this.hosts =
        properties.allowedHosts().stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    if (request.getMethod().equals(HttpMethod.TRACE)) {
      return Mono.error(
          GatewayFault.of(FaultCode.METHOD_NOT_ALLOWED, "TRACE would repeat a caller's token"));
    }
    String path = request.getURI().getRawPath();
    if (AMBIGUOUS.matcher(path).find()) {
      return Mono.error(
          GatewayFault.of(
              FaultCode.INVALID_REQUEST,
              "Invalid path: it must hold no dot segments, empty segments, ';', encoded '/' or control"
                  + " characters"));
    }
    String host = request.getHeaders().getFirst(HttpHeaders.HOST);
    // Probes address a container by its IP; what they get says nothing worth protecting.
    if (!isProbe(path) && !hosts.contains(nameOf(host))) {
      return Mono.error(
          GatewayFault.of(
              FaultCode.FORBIDDEN,
              "Invalid Host header: this gateway answers under its configured names only"
                  + " (unmask.gateway.allowed-hosts)"));
    }
    if (!SAFE.contains(request.getMethod()) && isForeign(request.getHeaders(), host)) {
      return Mono.error(GatewayFault.of(FaultCode.FORBIDDEN, "Cross-origin request blocked"));
    }
    return chain.filter(exchange);
  }

  private static boolean isProbe(String path) {
    return path.equals("/health") || path.startsWith("/actuator/health");
  }

  private static boolean isForeign(HttpHeaders headers, @Nullable String host) {
    String origin = headers.getFirst(HttpHeaders.ORIGIN);
    return origin != null && !isSameOrigin(origin, host);
  }

  /**
   * Whether the browser says that the request comes from a page of this gateway. TLS may end at a
   * proxy in front, so host and port decide, not the scheme.
   */
  static boolean isFromOwnPage(HttpHeaders headers) {
    String origin = headers.getFirst(HttpHeaders.ORIGIN);
    if (origin != null) {
      return isSameOrigin(origin, headers.getFirst(HttpHeaders.HOST));
    }
    return "same-origin".equals(headers.getFirst("Sec-Fetch-Site"));
  }

  private static boolean isSameOrigin(String origin, @Nullable String host) {
    try {
      String authority = URI.create(origin).getAuthority();
      return authority != null && host != null && authority.equalsIgnoreCase(host);
    } catch (IllegalArgumentException notAnOrigin) {
      return false;
    }
  }

  private static String nameOf(@Nullable String host) {
    if (host == null) {
      return "";
    }
    String lower = host.toLowerCase(Locale.ROOT);
    int colon = lower.lastIndexOf(':');
    boolean port = colon >= 0 && lower.indexOf(']', colon) < 0;
    return port ? lower.substring(0, colon) : lower;
  }
}
