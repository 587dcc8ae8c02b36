package dev.unmask.gateway.routing;

import dev.unmask.gateway.error.FaultCode;
import dev.unmask.gateway.error.GatewayFault;
import dev.unmask.gateway.routing.RoutingProperties.RateKind;
import dev.unmask.gateway.session.Identity;
import dev.unmask.gateway.session.PresentedToken;
import dev.unmask.gateway.session.TokenExchange;
import dev.unmask.gateway.session.TokenReader;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * On every route: no token, no forwarding. The caller's token ends here; the service gets a signed
 * JWT, and none of the headers by which a service trusts its neighbours.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class CallerFilter implements GlobalFilter {
  /** Tells services where a request comes from, for their records. */
  private static final String CLIENT_ADDRESS = "X-Unmask-Client-Address";

  private final TokenReader tokens;
  private final TokenExchange exchange;
  private final TokenBuckets buckets;

  CallerFilter(TokenReader tokens, TokenExchange exchange, TokenBuckets buckets) {
    this.tokens = tokens;
    this.exchange = exchange;
    this.buckets = buckets;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange request, GatewayFilterChain chain) {
    Optional<PresentedToken> presented = tokens.read(request.getRequest());
    if (presented.isEmpty()) {
      return Mono.error(
          GatewayFault.of(
              FaultCode.UNAUTHENTICATED,
              "this route needs an API token: send it as \"Authorization: Bearer TOKEN\""));
    }
    PresentedToken token = presented.get();
    if (token.byCookie() && mayBeForged(request.getRequest())) {
      return Mono.error(
          GatewayFault.of(
              FaultCode.FORBIDDEN,
              "Cross-origin request blocked: a sign-in cookie works from the dashboard only"));
    }
    return exchange
        .exchange(token.token())
        .flatMap(
            identity -> {
              buckets.take(
                  token.token().hash(), rateOf(request), request.getResponse().getHeaders());
              return chain.filter(withIdentity(request, identity));
            });
  }

  private static RateKind rateOf(ServerWebExchange exchange) {
    Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
    Object named = route.getMetadata().get("rate");
    return named == null
        ? RateKind.GENERAL
        : RateKind.valueOf(named.toString().toUpperCase(Locale.ROOT));
  }

  private static boolean mayBeForged(ServerHttpRequest request) {
    boolean safe =
        request.getMethod().equals(HttpMethod.GET) || request.getMethod().equals(HttpMethod.HEAD);
    return !safe && !RequestGuard.isFromOwnPage(request.getHeaders());
  }

  private static ServerWebExchange withIdentity(ServerWebExchange request, Identity identity) {
    ServerHttpRequest forwarded =
        request
            .getRequest()
            .mutate()
            .headers(
                headers -> {
                  List.copyOf(headers.headerNames()).stream()
                      .filter(CallerFilter::staysOutside)
                      .forEach(headers::remove);
                  headers.setBearerAuth(identity.jwt());
                  String client = addressOf(request.getRequest());
                  if (client != null) {
                    headers.set(CLIENT_ADDRESS, client);
                  }
                })
            .build();
    return request.mutate().request(forwarded).build();
  }

  /** The peer: what a proxy in front says of others is its own claim. */
  private static @Nullable String addressOf(ServerHttpRequest request) {
    InetSocketAddress peer = request.getRemoteAddress();
    return peer == null || peer.getAddress() == null ? null : peer.getAddress().getHostAddress();
  }

  private static boolean staysOutside(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return switch (name) {
      case "cookie", "authorization", "forwarded", "x-real-ip", "origin", "referer" -> true;
      // The server here has answered "100 Continue" itself; an h2c offer ends at this hop.
      case "expect", "http2-settings", "upgrade" -> true;
      default ->
          name.startsWith("x-unmask-")
              || name.startsWith("x-forwarded-")
              || name.startsWith("proxy-")
              || name.startsWith("sec-fetch-");
    };
  }
}
