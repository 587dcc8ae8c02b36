package dev.unmask.gateway.routing;

import dev.unmask.gateway.error.FaultCode;
import dev.unmask.gateway.error.GatewayFault;
import dev.unmask.gateway.routing.RoutingProperties.BodyKind;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Ends a request whose body is larger than its route takes, also when it does not say so. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class BodyLimitFilter implements GlobalFilter {
  private final RoutingProperties.BodyLimit limits;

  BodyLimitFilter(RoutingProperties properties) {
    this.limits = properties.bodyLimit();
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    DataSize limit = limits.of(kindOf(exchange));
    if (exchange.getRequest().getHeaders().getContentLength() > limit.toBytes()) {
      return Mono.error(tooLarge(limit));
    }
    ServerHttpRequest counted =
        new ServerHttpRequestDecorator(exchange.getRequest()) {
          @Override
          public Flux<DataBuffer> getBody() {
            return counted(super.getBody(), limit);
          }
        };
    return chain.filter(exchange.mutate().request(counted).build());
  }

  private static Flux<DataBuffer> counted(Flux<DataBuffer> body, DataSize limit) {
    AtomicLong seen = new AtomicLong();
    return body.handle(
        (buffer, sink) -> {
          if (seen.addAndGet(buffer.readableByteCount()) > limit.toBytes()) {
            DataBufferUtils.release(buffer);
            sink.error(tooLarge(limit));
          } else {
            sink.next(buffer);
          }
        });
  }

  private static BodyKind kindOf(ServerWebExchange exchange) {
    Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
    Object named = route.getMetadata().get("body");
    return named == null
        ? BodyKind.JSON
        : BodyKind.valueOf(named.toString().toUpperCase(Locale.ROOT));
  }

  private static GatewayFault tooLarge(DataSize limit) {
    return GatewayFault.of(
        FaultCode.BODY_TOO_LARGE,
        "the body is larger than the " + limit.toBytes() + " bytes this route accepts");
  }
}
