package dev.unmask.gateway.routing;

import dev.unmask.gateway.error.FaultCode;
import dev.unmask.gateway.error.GatewayFault;
import dev.unmask.gateway.session.TokenExchange;
import dev.unmask.gateway.session.TokenReader;
import java.net.InetSocketAddress;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * The management endpoints share the public port: health is public, everything else needs a token,
 * or (unless switched off) a peer on the loopback interface that no proxy stands before.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
class MetricsGuard implements WebFilter {
  private final RoutingProperties properties;
  private final TokenReader tokens;
  private final TokenExchange exchange;

  MetricsGuard(RoutingProperties properties, TokenReader tokens, TokenExchange exchange) {
    this.properties = properties;
    this.tokens = tokens;
    this.exchange = exchange;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange request, WebFilterChain chain) {
    String path = request.getRequest().getURI().getRawPath();
    boolean guarded =
        (path.equals("/actuator") || path.startsWith("/actuator/"))
            && !path.equals("/actuator/health")
            && !path.startsWith("/actuator/health/");
    if (!guarded || (properties.loopbackMetrics() && isLocal(request.getRequest()))) {
      return chain.filter(request);
    }
    return Mono.justOrEmpty(tokens.read(request.getRequest()))
        .switchIfEmpty(
            Mono.error(
                () ->
                    GatewayFault.of(
                        FaultCode.UNAUTHENTICATED, "metrics need an API token from here")))
        .flatMap(presented -> exchange.exchange(presented.token()))
        .flatMap(identity -> chain.filter(request));
  }

  private static boolean isLocal(ServerHttpRequest request) {
    InetSocketAddress peer = request.getRemoteAddress();
    HttpHeaders headers = request.getHeaders();
    return peer != null
        && peer.getAddress() != null
        && peer.getAddress().isLoopbackAddress()
        && !headers.containsHeader("Forwarded")
        && !headers.containsHeader("X-Forwarded-For")
        && !headers.containsHeader("Via");
  }
}
